/** Links of the simulation: latency, bandwidth, fragments, and cuts. */
import type { Bytes, Random } from "../../src/base/mod.ts";
import { type Accepted, type Handshake, type Link, PeerConnection } from "../../src/wire/mod.ts";
import { hear } from "../wire/talk.ts";
import type { Clock } from "./clock.ts";

/** How bytes are cut up on their way: 16 KiB at a time, at random, or one by one. */
export type Fragments = "whole" | "random" | "bytes";

/** A way between two nodes. */
export interface Path {
  /** Milliseconds one way. */
  readonly latency: number;
  readonly fragments: Fragments;
  /** The moment after which nothing arrives any more, either way, and nobody is told. */
  readonly cutAt?: number;
}

/** A link with bytes to send. */
interface Sender {
  /** Sends a part; its length, 0 when there is nothing left. */
  part(): number;
}

/** The line of one node: its links send in turns, a part each. */
export class Uplink {
  readonly #waiting: Sender[] = [];
  #busy = false;

  /** `rate` in bytes a second. */
  constructor(readonly clock: Clock, readonly rate: number) {}

  /** `sender` has something to send. */
  join(sender: Sender): void {
    this.#waiting.push(sender);
    if (!this.#busy) this.#next();
  }

  #next(): void {
    const sender = this.#waiting.shift();
    this.#busy = sender !== undefined;
    if (sender === undefined) return;
    const sent = sender.part();
    if (sent === 0) return this.#next();
    this.clock.in((sent * 1_000) / this.rate, () => {
      this.#waiting.push(sender);
      this.#next();
    });
  }
}

/** Anything that has connections: a real swarm or a fake peer. */
export interface Node {
  readonly name: string;
  readonly uplink: Uplink;
  handshake(): Handshake;
  /** A handshake is here. */
  meet(theirs: Handshake, connection: PeerConnection, from: Node): Accepted | null;
}

/** One end of a simulated connection. */
class SimLink implements Link, Sender {
  sending = 0;
  other!: SimLink;
  #open = true;
  #writing = false;
  /** Taken from the outbox and not yet sent. */
  #data = new Uint8Array(0);
  /** No earlier delivery after this: bytes do not overtake one another. */
  #arrival = 0;

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly connection: PeerConnection,
    readonly owner: Node,
    readonly path: Path,
  ) {
    connection.attach(this);
  }

  flush(): void {
    if (this.#writing || !this.#open || this.connection.out.length === 0) return;
    this.#writing = true;
    // never in the same call, as no socket would
    this.clock.in(0, () => this.#write());
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    const { other } = this;
    this.#deliver(this.clock.now, () => other.connection.close("Closed by the peer"));
  }

  #write(): void {
    if (!this.#open) return;
    this.#data = this.connection.out.take().slice();
    this.sending = this.#data.length;
    this.owner.uplink.join(this);
  }

  part(): number {
    if (!this.#open) return 0;
    if (this.#data.length === 0) {
      this.#sent();
      return 0;
    }
    const part = this.#data.subarray(0, this.#size());
    this.#data = this.#data.subarray(part.length);
    const gone = this.clock.now + (part.length * 1_000) / this.owner.uplink.rate;
    this.#deliver(gone, () => this.other.#arrive(part));
    return part.length;
  }

  #sent(): void {
    this.sending = 0;
    this.#writing = false;
    this.connection.drained(this.clock.now);
    this.flush();
  }

  #arrive(part: Bytes): void {
    if (this.#open) hear(this.connection, part, Infinity, this.clock.now);
  }

  #deliver(gone: number, action: () => void): void {
    this.#arrival = Math.max(this.#arrival, gone + this.path.latency);
    if (this.#arrival < (this.path.cutAt ?? Infinity)) this.clock.at(this.#arrival, action);
  }

  #size(): number {
    switch (this.path.fragments) {
      case "bytes":
        return 1;
      case "random":
        return 1 + this.random.below(1 << this.random.below(17));
      case "whole":
        return 16_384;
    }
  }
}

/** Connects two nodes, `from` dialling; returns the dialling side's connection. */
export function dial(
  clock: Clock,
  random: Random,
  from: Node,
  to: Node,
  path: Path,
): PeerConnection {
  const ours = new PeerConnection(
    from.handshake(),
    (theirs, connection) => from.meet(theirs, connection, to),
    clock.now,
  );
  const theirs = new PeerConnection(
    null,
    (handshake, connection) => to.meet(handshake, connection, from),
    clock.now,
  );
  const near = new SimLink(clock, random, ours, from, path);
  const far = new SimLink(clock, random, theirs, to, path);
  near.other = far;
  far.other = near;
  near.flush();
  return ours;
}
