/** Reads parts of files from one web server (BEP 19), within the address policy. */
import { type Bytes, endReading } from "../base/mod.ts";
import { WebseedError, type WebseedFault } from "../swarm/mod.ts";
import { HttpError, type HttpFailure, networkError } from "./http_error.ts";
import { USER_AGENT } from "./http.ts";
import {
  type Allow,
  askHop,
  expectCarried,
  followHops,
  type Hop,
  pinned,
  redirectOf,
  throughProxy,
} from "./http_hops.ts";
import type { Route } from "./address_policy.ts";
import { type BodyPlan, type FilePart, readHead } from "./webseed_answer.ts";
import { Patience } from "./webseed_patience.ts";

/** Who takes the bytes of a part. */
export interface PartReader {
  /** How many bytes may be read now, at once or when it is their turn; 0: no more. */
  turn(): number | Promise<number>;
  /** `count` bytes were read after a turn. */
  read(count: number): void;
  /** Bytes that lie before the part, of a server that sends whole files. */
  skipped(count: number): void;
  /** The next bytes of the part, borrowed during the call; false: no more are wanted. */
  take(bytes: Bytes): boolean;
}

/** Bounds of the waiting, in milliseconds. */
export interface WebseedTimes {
  /** Until the head of an answer is here, redirects included. */
  readonly answer: number;
  /** In so long at least {@linkcode LEAST_BYTES} must come. */
  readonly stall: number;
}

const TIMES: WebseedTimes = { answer: 30_000, stall: 20_000 };
/** Less than this in the time of a stall is a trickle. */
export const LEAST_BYTES = 4096;
const MAX_REDIRECTS = 5;
/** Redirects that are remembered. */
const MOST_HOPS = 100;
/** Read at a time. */
const BUFFER = 256 * 1024;
/** Connections kept for the next request. */
const MOST_IDLE = 4;

const FAULTS: Readonly<Record<HttpFailure, WebseedFault>> = {
  "refused": "refused",
  "timeout": "silent",
  "too-large": "answers-badly",
  "redirects": "redirects",
  "unknown-host": "unknown-host",
  "network": "unreachable",
};

/** A client of one web server; keeps connections open between requests until it is closed. */
export class WebseedClient {
  readonly #allow: Allow;
  readonly #times: WebseedTimes;
  /** Made with the first route: whether a proxy is between is the same for all. */
  #http: Deno.HttpClient | null = null;
  /** Where URLs led that redirect; judged already. */
  readonly #hops = new Map<string, Hop>();
  readonly #spare: ArrayBuffer[] = [];

  constructor(allow: Allow, times: WebseedTimes = TIMES) {
    this.#allow = allow;
    this.#times = times;
  }

  /**
   * Reads `part` of the file at `url` to its end, or to where the server ends it, or `reader` has enough; `whole`: it
   * knows no ranges, so the file is read from its begin. Rejects with `WebseedError`, and with `signal`'s reason once
   * that is aborted.
   */
  async read(
    url: string,
    part: FilePart,
    whole: boolean,
    reader: PartReader,
    signal: AbortSignal,
  ): Promise<void> {
    const patience = new Patience(signal);
    try {
      patience.await(this.#times.answer, "It does not answer in time");
      const response = await this.#open(url, part, whole, patience.signal);
      await this.#body(response, part, whole, reader, patience);
    } catch (error) {
      signal.throwIfAborted();
      throw patience.fault ?? faultOf(error, url);
    } finally {
      // ends whatever a broken answer left open
      patience.close();
    }
  }

  /** Closes its connections; nothing may be under way. */
  close(): void {
    this.#http?.close();
  }

  async #open(url: string, part: FilePart, whole: boolean, signal: AbortSignal): Promise<Response> {
    const ask = async (hop: Hop, address: string | null) => {
      const headers = {
        "accept": "*/*",
        "accept-encoding": "identity",
        "user-agent": USER_AGENT,
        "host": hop.url.host,
        ...(whole ? {} : { "range": `bytes=${part.from}-${part.to - 1}` }),
      };
      const target = pinned(hop.url, address);
      const init = {
        client: this.#clientOf(hop.route),
        headers,
        redirect: "manual",
        signal,
      } as const;
      const response = await fetch(target, init);
      await expectCarried(response, hop.route);
      const location = await redirectOf(response);
      if (location !== null) return { location };
      if (hop.url.href !== url) this.#remember(url, hop);
      return { answer: response };
    };
    const known = this.#hops.get(url);
    if (known !== undefined) {
      this.#hops.delete(url);
      // where it leads on from there again, or fails, the way is looked for anew
      const again = await askHop(known, signal, ask).catch(() => null);
      signal.throwIfAborted();
      if (again !== null && "answer" in again) {
        if (again.answer.ok) return again.answer;
        await again.answer.body?.cancel();
      }
    }
    return await followHops(url, { allow: this.#allow, maxRedirects: MAX_REDIRECTS, signal }, ask);
  }

  #clientOf(route: Route): Deno.HttpClient {
    return this.#http ??= Deno.createHttpClient({
      ...throughProxy(route),
      // as in `http.ts`; of all routes here or of none
      ...(route.ipv4Only ? { localAddress: "0.0.0.0" } : {}),
      poolMaxIdlePerHost: MOST_IDLE,
      poolIdleTimeout: 30_000,
      http2: false,
      // an address is asked by its name
      allowHost: true,
    });
  }

  #remember(url: string, hop: Hop): void {
    this.#hops.delete(url);
    this.#hops.set(url, hop);
    if (this.#hops.size > MOST_HOPS) this.#hops.delete(this.#hops.keys().next().value!);
  }

  async #body(
    response: Response,
    part: FilePart,
    whole: boolean,
    reader: PartReader,
    patience: Patience,
  ): Promise<void> {
    const { status, headers, body } = response;
    const head = { status, header: (name: string) => headers.get(name) };
    let plan: BodyPlan;
    try {
      plan = readHead(head, part, whole, Date.now());
    } catch (error) {
      await body?.cancel();
      throw error;
    }
    if (body === null) throw cutShort(0, plan.take);
    const stream = body.getReader({ mode: "byob" });
    const release = endReading(stream, patience.signal);
    let buffer = this.#spare.pop() ?? new ArrayBuffer(BUFFER);
    try {
      let { skip } = plan;
      let got = 0;
      while (got < plan.take) {
        let turn = reader.turn();
        if (typeof turn !== "number") {
          patience.pause();
          turn = await turn;
        }
        if (turn === 0) return;
        patience.expect(this.#times.stall, LEAST_BYTES, "It sends hardly anything");
        const room = Math.min(turn, BUFFER);
        const { value, done } = await stream.read(new Uint8Array(buffer, 0, room));
        if (value !== undefined) buffer = value.buffer;
        const count = value?.length ?? 0;
        reader.read(count);
        patience.heard(count);
        if (done || value === undefined) throw cutShort(got, plan.take);
        const from = Math.min(skip, count);
        if (from > 0) reader.skipped(from);
        skip -= from;
        const to = Math.min(count, from + plan.take - got);
        got += to - from;
        if (to > from && !reader.take(value.subarray(from, to))) return;
        if (to < count && plan.last) throw tooLong();
      }
      // the end of the body gives the connection back for the next request
      if (!plan.last) return;
      patience.expect(this.#times.stall, 1, "Its answer does not end");
      await finish(stream);
    } finally {
      release();
      patience.pause();
      // a read that was given up keeps its memory
      if (buffer.byteLength > 0) this.#spare.push(buffer);
      await stream.cancel().catch(() => {});
    }
  }
}

async function finish(stream: ReadableStreamBYOBReader): Promise<void> {
  const { done } = await stream.read(new Uint8Array(1));
  if (!done) throw tooLong();
}

function tooLong(): WebseedError {
  return new WebseedError("answers-badly", "It sends more than it announced");
}

function cutShort(got: number, of: number): WebseedError {
  return new WebseedError("cut-short", `The connection ended after ${got} of ${of} bytes`);
}

function faultOf(error: unknown, url: string): WebseedError {
  if (error instanceof WebseedError) return error;
  const known = error instanceof HttpError
    ? error
    : networkError(error, URL.parse(url)?.host ?? "");
  return new WebseedError(FAULTS[known.reason], known.message);
}
