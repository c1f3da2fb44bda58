/** uTP between two nodes of the simulation: packets are lost, doubled, overtake each other, wait in a queue. */
import { assertEquals } from "@std/assert";
import {
  type Bytes,
  type Endpoint,
  type Millis,
  millis,
  type Random,
  SeededRandom,
} from "../../src/base/mod.ts";
import { type UtpConnection, type UtpEnd, UtpMux, type UtpUser } from "../../src/utp/mod.ts";
import type { Clock } from "./clock.ts";

/** A way for packets, one direction. Parts are 0 … 1. */
export interface UtpPath {
  /** Milliseconds. */
  readonly latency: number;
  /** Up to so many milliseconds more, at random: packets overtake each other. */
  readonly jitter?: number;
  readonly loss?: number;
  readonly doubled?: number;
  /** Larger packets, in bytes of UDP payload, go nowhere and nobody is told. */
  readonly largest?: number;
}

/** A line that packets share: so many bytes a second, and a queue before it. */
export class Bottleneck {
  /** When all that waits will have passed. */
  #freeAt = 0;
  /** Packets that found no room. */
  dropped = 0;

  /** `queue`: bytes that may wait. */
  constructor(readonly clock: Clock, readonly rate: number, readonly queue: number) {}

  /** Milliseconds until a packet of `size` bytes has passed; null: it is dropped. */
  pass(size: number): number | null {
    const { now } = this.clock;
    const waits = Math.max(0, this.#freeAt - now);
    if ((waits * this.rate) / 1000 + size > this.queue) {
      this.dropped++;
      return null;
    }
    this.#freeAt = now + waits + (size * 1000) / this.rate;
    return this.#freeAt - now;
  }

  /** Milliseconds that the next packet waits. */
  get wait(): number {
    return Math.max(0, this.#freeAt - this.clock.now);
  }
}

/** A node with a uTP socket. */
export class UtpNode {
  readonly mux: UtpMux;
  /** Packets sent, and those of them with the first byte of a reset. */
  sent = 0;
  resets = 0;
  /** Its clock is so many milliseconds ahead. */
  ahead = 0;
  /** Who calls is given this; null: nobody is wanted. */
  answer: ((connection: UtpConnection) => UtpUser | null) | null = null;
  #timer = Infinity;
  #settling = false;

  constructor(
    readonly clock: Clock,
    readonly at: Endpoint,
    random: Random,
    readonly wire: (packet: Bytes, from: UtpNode, to: Endpoint) => void,
  ) {
    this.mux = new UtpMux({
      send: (packet, to) => {
        this.sent++;
        if (packet[0]! >> 4 === 3) this.resets++;
        // what is changed afterwards is not changed on its way
        wire(packet.slice(), this, to);
      },
      arrived: (connection) => this.answer?.(connection) ?? null,
      fault: (error) => {
        throw error;
      },
      settleSoon: () => this.#settleSoon(),
      plan: (at) => this.#plan(at),
    }, random);
  }

  get now(): Millis {
    return millis(this.clock.now + this.ahead);
  }

  receive(packet: Bytes, from: Endpoint): void {
    this.mux.receive(packet, from, this.now);
  }

  #settleSoon(): void {
    if (this.#settling) return;
    this.#settling = true;
    this.clock.in(0, () => {
      this.#settling = false;
      this.mux.settle(this.now);
    });
  }

  #plan(at: number): void {
    const due = at - this.ahead;
    if (due >= this.#timer) return;
    this.#timer = due;
    this.clock.at(due, () => {
      if (this.#timer !== due) return;
      this.#timer = Infinity;
      this.mux.tick(this.now);
    });
  }
}

/** Two nodes and the ways between them. */
export class UtpPair {
  readonly a: UtpNode;
  readonly b: UtpNode;
  /** From a to b, and back. */
  there: UtpPath;
  back: UtpPath;
  /** The line from a to b. */
  line: Bottleneck | null = null;
  /** Each is behind a router that lets in packets only from whom it has sent some to, half a minute long. */
  walls = false;
  /** When each has sent its latest packet. */
  readonly #latest = new Map<UtpNode, number>();
  readonly #random: Random;

  constructor(readonly clock: Clock, seed: number, path: UtpPath) {
    this.#random = new SeededRandom(seed);
    this.there = this.back = path;
    const node = (host: string) =>
      new UtpNode(
        clock,
        { host, port: 6881 },
        new SeededRandom(seed ^ host.length),
        (packet, from) => this.#carry(packet, from),
      );
    this.a = node("10.0.0.1");
    this.b = node("10.0.0.20");
  }

  #carry(packet: Bytes, from: UtpNode): void {
    const [path, to] = from === this.a ? [this.there, this.b] : [this.back, this.a];
    const { latency, jitter = 0, loss = 0, doubled = 0, largest = Infinity } = path;
    const chance = (part: number) => this.#random.below(1_000_000) < part * 1_000_000;
    this.#latest.set(from, this.clock.now);
    if (packet.length > largest || chance(loss)) return;
    const waits = from === this.a && this.line !== null ? this.line.pass(packet.length + 28) : 0;
    if (waits === null) return;
    for (let copies = chance(doubled) ? 2 : 1; copies > 0; copies--) {
      const late = jitter === 0 ? 0 : this.#random.below(Math.round(jitter * 1000)) / 1000;
      this.clock.in(waits + latency + late, () => {
        if (!this.walls || this.#isOpen(to)) to.receive(packet, from.at);
      });
    }
  }

  /** The router of `node` remembers that it has sent something. */
  #isOpen(node: UtpNode): boolean {
    return this.clock.now - (this.#latest.get(node) ?? -Infinity) < 30_000;
  }
}

/** Says something, hears something. */
export class Talker implements UtpUser {
  heard = 0;
  /** The first byte that was not what it should be; −1: none. */
  wrongAt = -1;
  isConnected = false;
  /** How it ended; null: it goes on. */
  end: UtpEnd | "finished" | null = null;
  /** It reads nothing. */
  deaf = false;
  connection: UtpConnection | null = null;
  #said = 0;

  /** Says `bytes` bytes of a pattern, then closes when `closes`. */
  constructor(readonly node: UtpNode, readonly bytes: number, readonly closes = false) {}

  connected(): void {
    this.isConnected = true;
    this.writable();
  }

  readable(): void {
    if (this.deaf) return;
    const into = new Uint8Array(50_000);
    const { connection } = this;
    for (let count; connection !== null && (count = connection.read(into)) > 0;) {
      for (let i = 0; i < count; i++, this.heard++) {
        if (into[i] !== pattern(this.heard) && this.wrongAt < 0) this.wrongAt = this.heard;
      }
    }
    if (connection?.ended && this.end === null) {
      this.end = "finished";
      connection.close(this.node.now);
    }
  }

  writable(): void {
    while (this.#said < this.bytes) {
      const part = new Uint8Array(Math.min(16_384, this.bytes - this.#said));
      for (let i = 0; i < part.length; i++) part[i] = pattern(this.#said + i);
      const count = this.connection?.write(part, this.node.now) ?? 0;
      this.#said += count;
      if (count < part.length) return;
    }
    if (this.closes) this.connection?.close(this.node.now);
  }

  closed(end: UtpEnd): void {
    this.end ??= end;
  }
}

function pattern(at: number): number {
  return (at * 7 + (at >> 8)) & 0xff;
}

/** a says `there` bytes and b `back`; both closed by a once it has all. The talkers of a and b. */
export function talk(pair: UtpPair, there: number, back: number): [Talker, Talker] {
  const caller = new Talker(pair.a, there);
  const called = new Talker(pair.b, back);
  pair.b.answer = (connection) => {
    called.connection = connection;
    called.isConnected = true;
    // who was called may speak at once
    pair.clock.in(0, () => called.writable());
    return called;
  };
  caller.connection = pair.a.mux.call(pair.b.at, caller, pair.a.now);
  return [caller, called];
}

/** a says more than it can in so many connections, one begun after the other `apart` seconds. The talkers of a and b. */
export function talkInMany(pair: UtpPair, count: number, apart: number): [Talker[], Talker[]] {
  const [callers, called]: [Talker[], Talker[]] = [[], []];
  pair.b.answer = (connection) => {
    const talker = new Talker(pair.b, 0);
    talker.connection = connection;
    called.push(talker);
    return talker;
  };
  for (let i = 0; i < count; i++) {
    const caller = new Talker(pair.a, Infinity);
    caller.connection = pair.a.mux.call(pair.b.at, caller, pair.a.now);
    callers.push(caller);
    pair.clock.run(apart);
  }
  return [callers, called];
}

/** Fails unless both heard all of what the other said. */
export function assertHeard([caller, called]: readonly [Talker, Talker], seed: number): void {
  assertEquals(called.heard, caller.bytes, `seed ${seed}`);
  assertEquals(caller.heard, called.bytes, `seed ${seed}`);
  assertEquals([caller.wrongAt, called.wrongAt], [-1, -1], `seed ${seed}`);
}
