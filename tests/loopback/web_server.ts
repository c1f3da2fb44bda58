/** A web server on this machine that has some files, such as a torrent's, and the faults it is told to have. */
import type { Bytes } from "../../src/base/mod.ts";

/** A file as the server has it: its path, without a slash in front, and bytes; padding is not served. */
export interface WebFile {
  readonly path: string;
  readonly data: Bytes;
  readonly pad?: boolean;
}

/** A request as the server saw it. */
export interface WebRequest {
  /** The path below the server, decoded. */
  readonly path: string;
  /** The `Range` header. */
  readonly range: string | null;
  /** The request itself. */
  readonly request: Request;
  /** How many came before it. */
  readonly count: number;
}

/** An answer of its own in place of the file; null: the file. */
export type Answer = (request: WebRequest) => Response | Promise<Response> | null;

/** Serves what it has until the end of its scope. */
export class WebServer implements AsyncDisposable {
  readonly requests: WebRequest[] = [];
  readonly #files: Map<string, Bytes>;
  readonly #answer: Answer;
  readonly #ranges: boolean;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #abort = new AbortController();

  /** `files`: a torrent, or anything else that has some. */
  constructor(
    { files }: { readonly files: readonly WebFile[] },
    answer: Answer = () => null,
    ranges = true,
  ) {
    this.#files = new Map(
      files.filter(({ pad }) => !pad).map(({ path, data }) => [`/${path}`, data]),
    );
    this.#answer = answer;
    this.#ranges = ranges;
    const options = {
      hostname: "127.0.0.1",
      port: 0,
      signal: this.#abort.signal,
      onListen: () => {},
    };
    this.#server = Deno.serve(options, (request) => this.#serve(request));
  }

  /** The URL of its folder. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  async #serve(request: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(request.url).pathname);
    const range = request.headers.get("range");
    const seen = { path, range, request, count: this.requests.length };
    this.requests.push(seen);
    const own = await this.#answer(seen);
    return own ?? this.file(path, range);
  }

  /** The proper answer. */
  file(path: string, range: string | null): Response {
    const data = this.#files.get(path);
    if (data === undefined) return new Response("nothing here", { status: 404 });
    const match = this.#ranges ? /^bytes=(\d+)-(\d+)$/.exec(range ?? "") : null;
    if (match === null) return new Response(data);
    const [from, last] = [Number(match[1]), Number(match[2])];
    return new Response(data.subarray(from, last + 1), {
      status: 206,
      headers: { "content-range": `bytes ${from}-${last}/${data.length}` },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#server.finished;
  }
}
