import { type Launch, Program } from "./program.ts";

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
export const CALL_SECONDS = 5;

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

/** The body of a reply as text; throws unless the status is 200. */
export function textOf(reply: Reply): string {
  const text = new TextDecoder("latin1").decode(reply.body);
  if (reply.status !== 200) {
    throw new Error(`Expected HTTP status 200, got ${reply.status} ${text.slice(0, 200)}`);
  }
  return text;
}
