import type { Bytes, Millis } from "../base/mod.ts";
import type { PacketKind } from "./packet.ts";
import { advance, distance } from "./sequence.ts";

/** Packets that may be on their way: libtorrent takes none that is more than 512 ahead. */
export const MOST_PACKETS = 500;
/** A packet is lost when so many that were sent later have arrived, or all where there are fewer (RFC 5827). */
const PATIENCE = 3;

/** A packet that was sent, until the peer has it and all before it. */
export interface Sent {
  readonly seq: number;
  readonly type: PacketKind;
  packet: Bytes;
  /** Bytes of payload, at the end of the packet. */
  readonly size: number;
  /** It is a full one. */
  readonly full: boolean;
  /** It is blown up to see whether so large a packet passes. */
  probe: boolean;
  state: "flying" | "lost" | "arrived";
  /** When it was sent last, in the order of all sendings. */
  order: number;
  sentAt: Millis;
  times: number;
}

/** What an answer of the peer says of our packets. */
export interface Arrivals {
  /** Packets and their payload that it says are there for the first time. */
  readonly packets: number;
  readonly bytes: number;
  readonly full: number;
  /** Milliseconds since the latest of those that were sent only once; null: there is none. */
  readonly rtt: number | null;
  /** The blown up packet is there. */
  readonly probe: boolean;
}

/** What a look for losses found. */
export interface Losses {
  /** Packets that were sent after the last time something was found. */
  readonly fresh: boolean;
  /** The blown up packet. */
  readonly probe: Sent | null;
}

/** Our packets that are on their way or lost. */
export class Flight {
  /** The last packet that arrived with none missing before. */
  acked: number;
  /** Payload on its way. */
  bytes = 0;
  readonly #sent: Sent[] = [];
  #lost = 0;
  #arrived = 0;
  #orders = 0;
  /** Losses of what was sent before belong to the last time that something was lost. */
  #since = 0;
  /** The packet that was repeated to hear what became of all before it; what was sent before it and is not there is lost. */
  #repeated = 0;
  #overtaken = 0;

  /** `next`: the number of the first packet. */
  constructor(next: number) {
    this.acked = advance(next, -1);
  }

  /** Packets that are not known to have arrived with all before them. */
  get count(): number {
    return this.#sent.length;
  }

  /** The number of the next packet. */
  get next(): number {
    return advance(this.acked, this.#sent.length + 1);
  }

  /** Some must be sent again. */
  get hasLost(): boolean {
    return this.#lost > 0;
  }

  /** A packet with the number `next` is sent. */
  add(
    sent: Pick<Sent, "type" | "packet" | "size" | "full" | "probe">,
    now: Millis,
  ): void {
    const { next: seq } = this;
    this.#sent.push({
      ...sent,
      seq,
      state: "flying",
      order: ++this.#orders,
      sentAt: now,
      times: 1,
    });
    this.bytes += sent.size;
  }

  /** The first lost packet, null: none. */
  firstLost(): Sent | null {
    return this.#lost === 0 ? null : this.#sent.find(({ state }) => state === "lost") ?? null;
  }

  /** A lost packet is sent again. */
  again(sent: Sent, now: Millis): void {
    sent.state = "flying";
    sent.order = ++this.#orders;
    sent.sentAt = now;
    sent.times++;
    this.#lost--;
    this.bytes += sent.size;
  }

  /** The last packet on its way is sent once more, as nothing was heard since; null: there is none. */
  repeatLast(): Sent | null {
    const last = this.#sent.findLast(({ state }) => state === "flying");
    if (last === undefined) return null;
    last.order = this.#repeated = ++this.#orders;
    last.times++;
    return last;
  }

  /** The peer has everything up to `ack`, which is one of ours, and of what follows what `mask` says. */
  arrived(ack: number, mask: Bytes, now: Millis): Arrivals {
    const news = { packets: 0, bytes: 0, full: 0, rtt: null as number | null, probe: false };
    const whole = Math.max(0, distance(ack, this.acked));
    for (let i = 0; i < whole; i++) this.#note(this.#sent[i]!, news, now);
    if (whole > 0) {
      this.#sent.splice(0, whole);
      this.#arrived -= whole;
      this.acked = ack;
    }
    const first = distance(advance(ack, 2), advance(this.acked, 1));
    for (let i = 0; i < mask.length; i++) {
      for (let bits = mask[i]!, bit = 0; bits !== 0; bits >>= 1, bit++) {
        const sent = (bits & 1) === 0 ? undefined : this.#sent[first + 8 * i + bit];
        if (sent !== undefined) this.#note(sent, news, now);
      }
    }
    return news;
  }

  /** Finds the packets that later ones have overtaken; null: none. */
  findLost(): Losses | null {
    const patience = Math.min(PATIENCE, this.count - 1);
    if (this.#arrived === 0 || this.#arrived < patience) return this.#lose(this.#overtaken);
    // the third latest of those that are there
    const latest: number[] = [];
    for (const { state, order } of this.#sent) {
      if (state !== "arrived") continue;
      latest.push(order);
      if (latest.length > patience) latest.splice(latest.indexOf(Math.min(...latest)), 1);
    }
    return this.#lose(Math.max(this.#overtaken, Math.min(...latest)));
  }

  /** The peer says again and again that the first one is missing. */
  loseFirst(): Losses | null {
    const [first] = this.#sent;
    if (first === undefined || first.state !== "flying" || first.times > 1) return null;
    return this.#lose(first.order + 1);
  }

  /** Nothing came back: all is taken for lost. */
  loseAll(): Losses | null {
    return this.#lose(Infinity);
  }

  /** Takes for lost what was sent before `order`. */
  #lose(order: number): Losses | null {
    let found = false;
    let fresh = false;
    let probe: Sent | null = null;
    for (const sent of this.#sent) {
      if (sent.state !== "flying" || sent.order >= order) continue;
      found = true;
      sent.state = "lost";
      this.#lost++;
      this.bytes -= sent.size;
      // what was too large says nothing of the queues
      if (sent.probe) probe = sent;
      else if (sent.order > this.#since) fresh = true;
    }
    if (fresh) this.#since = this.#orders;
    return found ? { fresh, probe } : null;
  }

  #note(
    sent: Sent,
    news: { packets: number; bytes: number; full: number; rtt: number | null; probe: boolean },
    now: Millis,
  ): void {
    if (sent.state === "arrived") return;
    // what was given up has waited for the answer to another one
    if (sent.times === 1 && sent.state === "flying") {
      news.rtt = Math.min(news.rtt ?? Infinity, now - sent.sentAt);
    }
    if (sent.state === "lost") this.#lost--;
    else this.bytes -= sent.size;
    if (sent.order === this.#repeated) this.#overtaken = sent.order;
    sent.state = "arrived";
    this.#arrived++;
    news.packets++;
    news.bytes += sent.size;
    if (sent.full) news.full++;
    if (sent.probe) news.probe = true;
  }
}
