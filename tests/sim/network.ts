/** Links of the simulation: latency, bandwidth, fragments, and cuts. */
import type { Bytes, Random } from "../../src/base/mod.ts";
import { type Accepted, type Handshake, type Link, PeerConnection } from "../../src/wire/mod.ts";
import { ReadLane, type TorrentReads } from "../../src/swarm/mod.ts";
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

/** What has arrived and is not read, beyond which the other side may not send. */
const WINDOW = 256 * 1024;

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
  /** Whose turn it is to read; none: everything is read as it comes. */
  readonly reads?: TorrentReads;
  /** Bytes its links have read. */
  received?: number;
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
  /** Arrived and not read. */
  #inbox: Bytes[] = [];
  #unread = 0;
  /** It may read so many bytes, once they are there; 0: it waits for its turn; null: it did not ask. */
  #allowed: number | null = null;
  readonly #lane: ReadLane | null;
  /** The other side does not read. */
  #stuck = false;

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly connection: PeerConnection,
    readonly owner: Node,
    readonly path: Path,
  ) {
    connection.attach(this);
    this.#lane = owner.reads === undefined ? null : new ReadLane(owner.reads);
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
    this.#lane?.home.forget(this.#lane);
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
    if (this.other.#unread >= WINDOW) {
      this.#stuck = true;
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
    if (!this.#open) return;
    const { owner } = this;
    const lane = this.#lane;
    if (lane === null || (lane.home.free && this.#unread === 0)) {
      if (owner.received !== undefined) owner.received += part.length;
      return hear(this.connection, part, Infinity, this.clock.now);
    }
    this.#inbox.push(part);
    this.#unread += part.length;
    this.#read(lane);
  }

  /** As a link reads from a socket: asks, waits for its turn, then for data. */
  #read(lane: ReadLane): void {
    while (this.#open) {
      this.#allowed ??= this.#ask(lane);
      if (this.#allowed === 0 || this.#unread === 0) return;
      const part = this.#inbox[0]!.subarray(0, this.#allowed);
      if (part.length === this.#inbox[0]!.length) this.#inbox.shift();
      else this.#inbox[0] = this.#inbox[0]!.subarray(part.length);
      this.#unread -= part.length;
      this.#allowed = null;
      lane.home.done(lane, part.length, this.clock.now);
      this.owner.received! += part.length;
      this.other.#unstick();
      hear(this.connection, part, Infinity, this.clock.now);
    }
  }

  #ask(lane: ReadLane): number {
    lane.go = (bytes) => {
      this.#allowed = bytes;
      this.connection.release(this.clock.now);
      // never in the same call, as no promise would
      this.clock.in(0, () => this.#read(lane));
    };
    const allowed = lane.home.ask(lane, this.clock.now);
    if (allowed === 0) this.connection.hold();
    return allowed;
  }

  #unstick(): void {
    if (!this.#stuck) return;
    this.#stuck = false;
    this.owner.uplink.join(this);
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
