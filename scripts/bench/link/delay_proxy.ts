import { Lane } from "./lane.ts";
import type { Path } from "./pacer.ts";

/** TCP to a port on 127.0.0.1 as if it were far away: each connection has the path to itself, both ways. */
export class DelayProxy implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #target: number;
  readonly #path: Path;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;
  #delivered = 0;

  constructor(target: number, path: Path) {
    this.#target = target;
    this.#path = path;
    this.#serving = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Bytes that came out on the side of those who connected, of all connections so far. */
  get delivered(): number {
    return this.#delivered;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const conn of this.#open) close(conn);
    await this.#serving;
  }

  async #accept(): Promise<void> {
    const relays: Promise<void>[] = [];
    for await (const near of this.#listener) relays.push(this.#relay(near));
    await Promise.all(relays);
  }

  async #relay(near: Deno.TcpConn): Promise<void> {
    this.#open.add(near);
    try {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#open.add(far);
      near.setNoDelay();
      far.setNoDelay();
      try {
        const there = new Lane(near, far, this.#path, () => {});
        const back = new Lane(far, near, this.#path, (bytes) => this.#delivered += bytes);
        // A side that breaks ends the other lane, too: its connections are closed.
        const broken = () => [near, far].forEach(close);
        await Promise.all([there.run().catch(broken), back.run().catch(broken)]);
      } finally {
        this.#open.delete(far);
        close(far);
      }
    } catch {
      // Nobody listens there: it is told by the end of its connection.
    } finally {
      this.#open.delete(near);
      close(near);
    }
  }
}

function close(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // Closed before.
  }
}
