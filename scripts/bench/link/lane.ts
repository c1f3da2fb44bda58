import { Pacer, type Path } from "./pacer.ts";
import { Ring } from "./ring.ts";

/** The most that is read or written at a time. */
const PART = 256 * 1024;
/** The least room that is read into: bytes come out one by one, and each would be a read. */
const LEAST_ROOM = 64 * 1024;
/** Milliseconds between two writes, for the same reason. */
const TICK_MS = 2;

/** One direction of a connection over a long path: reads here, writes there, later. */
export class Lane {
  readonly #from: Deno.TcpConn;
  readonly #to: Deno.TcpConn;
  readonly #pacer: Pacer;
  readonly #ring: Ring;
  readonly #count: (bytes: number) => void;
  #ended = false;
  /** Whoever waits for the other half of the work. */
  #wake: () => void = () => {};

  /** `count` hears of what comes out. */
  constructor(from: Deno.TcpConn, to: Deno.TcpConn, path: Path, count: (bytes: number) => void) {
    this.#from = from;
    this.#to = to;
    this.#pacer = new Pacer(path);
    this.#ring = new Ring(this.#pacer.capacity);
    this.#count = count;
  }

  /** Until one side ends it; throws when a side breaks. */
  async run(): Promise<void> {
    await Promise.all([this.#read(), this.#write()]);
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { room } = this.#pacer;
        if (room < LEAST_ROOM) {
          await this.#change();
          continue;
        }
        const free = this.#ring.free(Math.min(room, PART));
        const read = await this.#from.read(free);
        if (read === null) return;
        this.#ring.added(read);
        this.#pacer.push(read, performance.now());
        this.#changed();
      }
    } finally {
      this.#ended = true;
      this.#changed();
    }
  }

  async #write(): Promise<void> {
    for (;;) {
      for (let due = this.#pacer.due(performance.now()); due > 0;) {
        const written = await this.#to.write(this.#ring.filled(Math.min(due, PART)));
        this.#ring.removed(written);
        this.#pacer.take(written);
        this.#count(written);
        this.#changed();
        due -= written;
      }
      const next = this.#pacer.next();
      if (next !== null) await after(Math.max(TICK_MS, next - performance.now()));
      else if (this.#ended) return await this.#to.closeWrite();
      else await this.#change();
    }
  }

  /** Only one half waits at a time: the reader while it is full, the writer while it is empty. */
  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }

  #changed(): void {
    this.#wake();
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.ceil(milliseconds)));
}
