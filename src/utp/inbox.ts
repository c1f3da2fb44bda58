import type { Bytes } from "../base/mod.ts";
import { ALWAYS, type InboxMemory } from "./inbox_memory.ts";
import { advance, distance } from "./sequence.ts";

/** What a packet costs beside its payload: a peer that sends single bytes must not get a hundred times the memory. */
const PACKET_COST = 128;
/** Packets kept after a gap. */
const MOST_AHEAD = 1024;

/** What became of a packet. */
export type Taken =
  /** It was the next one: there may be more to read. */
  | "next"
  /** It is kept until those before it are here. */
  | "early"
  /** It was here before. */
  | "old"
  /** There is no room, or it lies after the end. */
  | "refused";

/** What the peer sent: puts packets in order, and keeps them until they are read. */
export class Inbox {
  /** The last packet with none missing before. */
  ack: number;
  readonly #memory: InboxMemory;
  /** In order; of the first one `#offset` bytes are read. */
  #queue: Bytes[] = [];
  #head = 0;
  #offset = 0;
  #queued = 0;
  #readable = 0;
  /** After a gap, by number. */
  readonly #early = new Map<number, Bytes>();
  #earlyCost = 0;
  /** The number of the peer's last packet, once it is known. */
  #fin: number | null = null;

  /** `ack`: the number before the first packet. */
  constructor(ack: number, memory: InboxMemory) {
    this.ack = ack;
    this.#memory = memory;
  }

  /** Bytes there is room for. */
  get window(): number {
    return Math.max(0, this.#memory.mostOf(this.kept) - this.kept);
  }

  /** Bytes that are kept, with what packets cost. */
  get kept(): number {
    return this.#queued + this.#earlyCost;
  }

  /** Bytes that can be read. */
  get readable(): number {
    return this.#readable;
  }

  /** Everything that the peer sent is here, and it will send no more. */
  get ended(): boolean {
    return this.#fin === this.ack;
  }

  /** Packets that came before their turn. */
  get early(): number {
    return this.#early.size;
  }

  /** A packet with data, or the peer's last one; `payload` is ours to keep. */
  take(seq: number, payload: Bytes, fin: boolean): Taken {
    const ahead = distance(seq, this.ack);
    if (ahead <= 0) return "old";
    if (ahead > MOST_AHEAD || this.#after(seq)) return "refused";
    if (ahead > 1 && this.#early.has(seq)) return "old";
    if (fin && this.#fin !== null && this.#fin !== seq) return "refused";
    const cost = payload.length + PACKET_COST;
    // all wait for the next one: it is refused only while the peer is told that there is no room, and something to read
    const fits = ahead === 1
      ? this.window > 0 || this.#queued + cost <= ALWAYS
      : this.kept + cost <= this.#memory.mostOf(this.kept);
    // there is one end, and while it carries nothing it always has room
    if (!fits && !(fin && payload.length === 0)) return "refused";
    if (fin) this.#fin = seq;
    if (ahead > 1) {
      this.#early.set(seq, unshared(payload));
      this.#earlyCost += cost;
      this.#memory.take(cost);
      return "early";
    }
    this.#append(seq, unshared(payload));
    this.#closeGap();
    return "next";
  }

  /** Reads into `into`; answers how many bytes. */
  read(into: Bytes): number {
    let count = 0;
    while (count < into.length && this.#head < this.#queue.length) {
      const first = this.#queue[this.#head]!;
      const part = first.subarray(this.#offset, this.#offset + into.length - count);
      into.set(part, count);
      count += part.length;
      this.#offset += part.length;
      if (this.#offset < first.length) break;
      this.#unqueue(first.length + PACKET_COST);
      this.#head++;
      this.#offset = 0;
    }
    this.#readable -= count;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    return count;
  }

  /** Which packets after the missing one are here, for the peer to know (BEP 29); empty: none. */
  mask(): Bytes {
    let last = 0;
    for (const seq of this.#early.keys()) last = Math.max(last, distance(seq, this.ack) - 2);
    if (this.#early.size === 0) return new Uint8Array(0);
    const out = new Uint8Array(4 * ((last >> 5) + 1));
    for (const seq of this.#early.keys()) {
      const bit = distance(seq, this.ack) - 2;
      out[bit >> 3]! |= 1 << (bit & 7);
    }
    return out;
  }

  /** Nothing will be read any more: what comes is only counted. */
  discard(): void {
    this.#queue = [];
    this.#head = this.#offset = this.#readable = 0;
    this.#unqueue(this.#queued);
  }

  /** Nothing will come any more. */
  free(): void {
    this.discard();
    this.#forgetEarly();
  }

  #unqueue(cost: number): void {
    this.#queued -= cost;
    this.#memory.give(cost);
  }

  #forgetEarly(): void {
    const cost = this.#earlyCost;
    this.#early.clear();
    this.#earlyCost = 0;
    this.#memory.give(cost);
  }

  #after(seq: number): boolean {
    return this.#fin !== null && distance(seq, this.#fin) > 0;
  }

  #append(seq: number, payload: Bytes): void {
    this.ack = seq;
    if (payload.length === 0) return;
    this.#queue.push(payload);
    this.#queued += payload.length + PACKET_COST;
    this.#memory.take(payload.length + PACKET_COST);
    this.#readable += payload.length;
  }

  #closeGap(): void {
    while (this.#early.size > 0 && !this.ended) {
      const seq = advance(this.ack, 1);
      const payload = this.#early.get(seq);
      if (payload === undefined) return;
      this.#early.delete(seq);
      this.#append(seq, payload);
      this.#earlyCost -= payload.length + PACKET_COST;
      this.#memory.give(payload.length + PACKET_COST);
    }
    // what a peer sent beyond its own end
    if (this.ended) this.#forgetEarly();
  }
}

/** A payload that keeps no more memory than it is charged for: the packet around it may be stuffed with extensions. */
function unshared(payload: Bytes): Bytes {
  return payload.buffer.byteLength > 2 * payload.length + PACKET_COST ? payload.slice() : payload;
}
