import { setImmediate } from "node:timers";
import type { Bytes, Endpoint, Millis, Random } from "../base/mod.ts";
import { UtpMux } from "../utp/mod.ts";
import type { UdpPort } from "./udp_demux.ts";
import { UtpError } from "./utp_error.ts";
import { UtpStream } from "./utp_stream.ts";

/** What arrives together is answered together, but no more than so many packets. */
const MOST_TOGETHER = 64;

/** What uTP needs of its session. */
export interface UtpContext {
  readonly random: Random;
  readonly now: () => Millis;
  /** A peer has called and is there; false: it is not wanted. Null: nobody is. */
  readonly take: ((stream: UtpStream) => boolean) | null;
  /** A mistake of ours. */
  readonly fault: (error: unknown) => void;
}

/** The uTP connections of the shared UDP port. While there are none it does nothing. */
export class UtpSocket {
  readonly #context: UtpContext;
  readonly #mux: UtpMux;
  #together = 0;
  #settles = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAt = Infinity;
  #open = true;

  constructor(udp: UdpPort, context: UtpContext) {
    const { take, now } = context;
    this.#context = context;
    this.#mux = new UtpMux({
      send: (packet, to) => udp.send(packet, to),
      arrived: take === null ? null : (connection) => {
        const stream = new UtpStream(connection, now);
        return take(stream) ? stream : null;
      },
      fault: context.fault,
      settleSoon: () => this.#settleSoon(),
      plan: (at) => this.#plan(at),
    }, context.random);
  }

  /** Connections, those that begin or end included. */
  get size(): number {
    return this.#mux.size;
  }

  /** Takes a packet of the port. */
  receive(packet: Bytes, from: Endpoint): void {
    if (!this.#open) return;
    this.#mux.receive(packet, from, this.#context.now());
    if (++this.#together >= MOST_TOGETHER) this.#settle();
  }

  /** Calls a peer. Rejects with {@linkcode UtpError}, or with the reason of `signal`. */
  dial(to: Endpoint, signal: AbortSignal): Promise<UtpStream> {
    const { promise, resolve, reject } = Promise.withResolvers<UtpStream>();
    const { now } = this.#context;
    const over = () => {
      signal.removeEventListener("abort", aborted);
    };
    const aborted = () => {
      over();
      connection?.close(now());
      reject(signal.reason);
    };
    const connection = !this.#open ? null : this.#mux.call(to, {
      connected: () => {
        over();
        resolve(new UtpStream(connection!, now));
      },
      readable: () => {},
      writable: () => {},
      closed: (end) => {
        over();
        reject(new UtpError(end));
      },
    }, now());
    if (connection === null) reject(new UtpError("closed"));
    else if (signal.aborted) aborted();
    else signal.addEventListener("abort", aborted);
    return promise;
  }

  /** Ends all connections; peers are told. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#mux.stop(this.#context.now());
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** The event loop turns once everything that waits at the socket is received, or a hundred packets of it. */
  #settleSoon(): void {
    if (this.#settles) return;
    this.#settles = true;
    setImmediate(() => {
      this.#settles = false;
      this.#settle();
    });
  }

  #settle(): void {
    this.#together = 0;
    if (!this.#open) return;
    try {
      this.#mux.settle(this.#context.now());
    } catch (error) {
      this.#context.fault(error);
    }
  }

  #plan(at: number): void {
    if (at >= this.#timerAt || !this.#open) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#tick(), Math.max(1, at - this.#context.now()));
  }

  #tick(): void {
    this.#timer = null;
    this.#timerAt = Infinity;
    try {
      this.#mux.tick(this.#context.now());
    } catch (error) {
      this.#context.fault(error);
    }
  }
}
