/** A TCP server that answers each HTTP request with whatever a test wants to do to the client. */

/** What it does to one connection; `request` is the head of the request as text. */
export type Behaviour = (conn: Deno.TcpConn, request: string) => Promise<void>;

export class RawServer implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #work = new Set<Promise<void>>();
  readonly #open = new Set<Deno.TcpConn>();
  readonly #accepting: Promise<void>;
  /** Heads of all requests. */
  readonly requests: string[] = [];

  constructor(behaviour: Behaviour, hostname = "127.0.0.1") {
    this.#listener = Deno.listen({ hostname, port: 0 });
    this.#accepting = this.#accept(behaviour);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/announce`;
  }

  async #accept(behaviour: Behaviour): Promise<void> {
    for await (const conn of this.#listener) {
      const work = this.#serve(conn, behaviour);
      this.#work.add(work);
      work.finally(() => this.#work.delete(work));
    }
  }

  async #serve(conn: Deno.TcpConn, behaviour: Behaviour): Promise<void> {
    this.#open.add(conn);
    try {
      const request = await readHead(conn);
      this.requests.push(request);
      await behaviour(conn, request);
      await conn.closeWrite();
      // until the client has read and closed: closing first could reset what it still reads
      const rest = new Uint8Array(4096);
      while (await conn.read(rest) !== null);
    } catch {
      // the client left, as it should when it is mistreated
    } finally {
      this.#open.delete(conn);
      try {
        conn.close();
      } catch {
        // closed by dispose
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const conn of this.#open) {
      try {
        conn.close();
      } catch {
        // closed already
      }
    }
    await this.#accepting.catch(() => {});
    await Promise.all(this.#work);
  }
}

/** Writes all of `data`. */
export async function send(conn: Deno.TcpConn, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

/** A behaviour that sends one complete answer. */
export function answer(body: string | Uint8Array, headers = "", status = "200 OK"): Behaviour {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return async (conn) => {
    await send(conn, `HTTP/1.1 ${status}\r\nContent-Length: ${bytes.length}\r\n${headers}\r\n`);
    await send(conn, bytes);
  };
}

async function readHead(conn: Deno.TcpConn): Promise<string> {
  let head = "";
  const buffer = new Uint8Array(4096);
  while (!head.includes("\r\n\r\n")) {
    const count = await conn.read(buffer);
    if (count === null) break;
    head += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
  return head;
}
