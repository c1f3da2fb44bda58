import { fromFileUrl } from "@std/path";
import { type Launch, Program } from "./program.ts";
import { run } from "./run.ts";

/** An HTTP request the tests make of a client or a tracker. */
export interface Call {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}

/** Its answer; header names are in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** One machine of a test: an address, processes on it, and a way to call their HTTP servers. */
export interface Host {
  readonly address: string;
  /**
   * Another address of the same machine, for a second UDP tracker: libtorrent takes a connection id to be good for an
   * address, whatever the port.
   */
  readonly secondAddress: string;
  start(launch: Launch): Program;
  /** A TCP port of `address` (by default the first) that nobody listens on at the moment. */
  freePort(address?: string): Promise<number>;
  call(url: string, call?: Call): Promise<Reply>;
}

/** Seconds for one call. */
const CALL_SECONDS = 5;

/** This machine, on 127.0.0.1. */
export class Loopback implements Host {
  readonly address = "127.0.0.1";
  readonly secondAddress = "127.0.0.2";

  start(launch: Launch): Program {
    return new Program(launch);
  }

  freePort(address: string = this.address): Promise<number> {
    using listener = Deno.listen({ hostname: address, port: 0 });
    return Promise.resolve(listener.addr.port);
  }

  async call(url: string, call: Call = {}): Promise<Reply> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), CALL_SECONDS * 1000);
    try {
      const reply = await fetch(url, {
        method: call.method ?? "GET",
        headers: { ...call.headers },
        signal: abort.signal,
        ...(call.body === undefined ? {} : { body: call.body }),
      });
      const body = new Uint8Array(await reply.arrayBuffer());
      return { status: reply.status, headers: new Map(reply.headers), body };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A network namespace: its sockets cannot be reached from here, so a small script calls for us. */
export class NamespaceHost implements Host {
  static readonly #script = fromFileUrl(new URL("../python/namespace_call.py", import.meta.url));
  readonly #enter: readonly string[];

  constructor(
    readonly namespace: string,
    readonly address: string,
    readonly secondAddress: string,
  ) {
    this.#enter = ["ip", "netns", "exec", namespace];
  }

  start(launch: Launch): Program {
    return new Program({ ...launch, command: [...this.#enter, ...launch.command] });
  }

  async freePort(address: string = this.address): Promise<number> {
    return JSON.parse(await this.#python({ port: address })) as number;
  }

  async call(url: string, call: Call = {}): Promise<Reply> {
    const body = typeof call.body === "string" ? new TextEncoder().encode(call.body) : call.body;
    const answer = JSON.parse(
      await this.#python({
        url,
        method: call.method ?? "GET",
        headers: call.headers ?? {},
        body: body?.toBase64() ?? "",
        seconds: CALL_SECONDS,
      }),
    ) as { status: number; headers: [string, string][]; body: string };
    return {
      status: answer.status,
      headers: new Map(answer.headers),
      body: Uint8Array.fromBase64(answer.body),
    };
  }

  #python(request: unknown): Promise<string> {
    // -I and -S: nothing but the standard library, which starts in half the time.
    const python = ["/usr/bin/python3", "-I", "-S", NamespaceHost.#script];
    return run([...this.#enter, ...python, JSON.stringify(request)]);
  }
}

/** The body of a reply as text; throws unless the status is 200. */
export function textOf(reply: Reply): string {
  const text = new TextDecoder("latin1").decode(reply.body);
  if (reply.status !== 200) {
    throw new Error(`Expected HTTP status 200, got ${reply.status} ${text.slice(0, 200)}`);
  }
  return text;
}
