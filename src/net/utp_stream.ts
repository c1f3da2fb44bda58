import type { Bytes, Endpoint, Millis } from "../base/mod.ts";
import type { UtpConnection, UtpEnd, UtpUser } from "../utp/mod.ts";

/** Who is told what happens to a stream. */
export interface StreamListener {
  /** There is more to read, or the end is reached. */
  readable(): void;
  /** There is room to write. */
  writable(): void;
  /** It is over, and was not closed here. */
  closed(end: UtpEnd): void;
}

/** A uTP connection that is there: what arrives waits until somebody listens. */
export class UtpStream implements UtpUser {
  /** Who hears of it from now on. */
  listener: StreamListener | null = null;
  /** How it ended, null while it goes on. */
  end: UtpEnd | null = null;
  readonly #connection: UtpConnection;
  readonly #now: () => Millis;

  constructor(connection: UtpConnection, now: () => Millis) {
    this.#connection = connection;
    this.#now = now;
    connection.user = this;
  }

  /** Whom it is with. */
  get remote(): Endpoint {
    return this.#connection.to;
  }

  /** Bytes that can be read. */
  get available(): number {
    return this.#connection.readable;
  }

  /** The peer has sent all it will, and it is read. */
  get ended(): boolean {
    return this.#connection.ended;
  }

  /** Reads into `into`; answers how many bytes. */
  read(into: Bytes): number {
    return this.#connection.read(into);
  }

  /** Takes what there is room for of `data`; answers how many bytes. When it is not all, the listener's `writable` follows. */
  write(data: Bytes): number {
    return this.end === null ? this.#connection.write(data, this.#now()) : 0;
  }

  /** Ends it; what was taken still arrives if it can. */
  close(): void {
    this.listener = null;
    this.end ??= "closed";
    this.#connection.close(this.#now());
  }

  connected(): void {}

  readable(): void {
    this.listener?.readable();
  }

  writable(): void {
    this.listener?.writable();
  }

  closed(end: UtpEnd): void {
    this.end ??= end;
    this.listener?.closed(end);
  }
}
