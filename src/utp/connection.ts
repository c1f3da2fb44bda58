import type { Bytes, Endpoint, Millis } from "../base/mod.ts";
import { Inbox } from "./inbox.ts";
import type { InboxMemory } from "./inbox_memory.ts";
import type { Looks } from "./looks.ts";
import { encodePacket, type PacketKind, PacketType, type UtpPacket } from "./packet.ts";
import type { PacketSize } from "./packet_size.ts";
import type { ConnectionPort, UtpEnd, UtpUser } from "./ports.ts";
import { LEAST_ROOM, Sender } from "./sender.ts";
import { advance, distance, microseconds } from "./sequence.ts";

/** Numbers further from what is expected are another connection's, or made up. */
const MOST_ASTRAY = 1024;
/** Silences in a row that end a call, a connection, and one whose peer takes nothing for now. */
const MOST_SILENCES = { calling: 4, open: 6, full: 20 };
/** A router on the way forgets those who say nothing for half a minute. */
const KEEP_ALIVE_MS = 29_000;
/** For the peer to hear of the end. */
const LINGER_MS = 4_000;
const NO_BYTES: Bytes = new Uint8Array(0);

type State =
  /** We called, with the packet of this number. */
  | { readonly name: "calling"; readonly seq: number }
  /** The peer called; it has not shown yet that it is where it says. */
  | { readonly name: "called" }
  | { readonly name: "open" }
  /** Closed here: the peer is to hear of it, until then at most. */
  | { readonly name: "closing"; readonly until: number }
  | { readonly name: "closed" };

/** How a connection begins. */
export interface UtpStart {
  readonly to: Endpoint;
  /** The id of packets to us; those to the peer have `sendId`. */
  readonly receiveId: number;
  readonly sendId: number;
  /** Our first number. */
  readonly seq: number;
  /** The number of the peer's call; null: we call. */
  readonly called: number | null;
  readonly size: PacketSize;
  /** What all connections may keep of what they hear. */
  readonly memory: InboxMemory;
  /** When all connections look how long the way is. */
  readonly looks: Looks;
}

/**
 * One uTP connection (BEP 29): reliable bytes both ways over packets that may be lost, doubled or overtake each other.
 * It sends as much as LEDBAT lets it. What it hears is checked against what it has sent, so that who cannot see our
 * packets can neither end it nor put bytes into it.
 */
export class UtpConnection {
  readonly to: Endpoint;
  readonly receiveId: number;
  readonly sendId: number;
  /** Who hears of it; null: nobody any more, or not yet. */
  user: UtpUser | null = null;
  readonly #port: ConnectionPort;
  readonly #sender: Sender;
  readonly #memory: InboxMemory;
  #inbox: Inbox;
  #state: State;
  /** Bytes we last said that we take. */
  #offered = 0;
  /** The peer's clock against ours, as it is to be told. */
  #difference = 0;
  #owesAnswer = false;
  #isNew = false;
  #hasNews = false;
  #waitsToWrite = false;
  /** The peer takes nothing: it is asked then whether it still does not. */
  #probeAt = Infinity;
  #keepAt: number;

  /** Calls the peer, or answers its call. */
  constructor(start: UtpStart, port: ConnectionPort, now: Millis) {
    const { to, receiveId, sendId, seq, called, size, memory, looks } = start;
    this.to = to;
    this.receiveId = receiveId;
    this.sendId = sendId;
    this.#port = port;
    this.#memory = memory;
    this.#inbox = new Inbox(called ?? 0, memory);
    this.#keepAt = now + KEEP_ALIVE_MS;
    this.#state = called === null ? { name: "calling", seq } : { name: "called" };
    this.#sender = new Sender(seq, size, looks, {
      header: (type, seq, now) => this.#header(type, seq, now),
      dispatch: (packet, now) => this.#dispatch(packet, now),
    }, now);
    if (called === null) this.#sender.launch(PacketType.Syn, NO_BYTES, now);
    else this.#answer(now);
  }

  /** How far it is. */
  get state(): "calling" | "called" | "open" | "closing" | "closed" {
    return this.#state.name;
  }

  /** Bytes that can be read. */
  get readable(): number {
    return this.#inbox.readable;
  }

  /** The peer has sent all it will, and it is read. */
  get ended(): boolean {
    return this.#inbox.ended && this.#inbox.readable === 0;
  }

  /** Milliseconds that an answer takes; 0: not known. */
  get roundTrip(): number {
    return this.#sender.trip.mean;
  }

  /** Bytes that may be on their way. */
  get window(): number {
    return this.#sender.congestion.window;
  }

  /** Packets that the peer may not have. */
  get outstanding(): number {
    return this.#sender.flight.count;
  }

  /** Reads into `into`; answers how many bytes. */
  read(into: Bytes): number {
    const count = this.#inbox.read(into);
    this.#offer();
    return count;
  }

  /** A peer that was told of little room hears when there is much. */
  readonly #offer = (): void => {
    const { window } = this.#inbox;
    if (this.#state.name !== "open" || window - this.#offered < window / 2) return;
    this.#owesAnswer = true;
    this.#port.touched(this);
  };

  /** Sends what may be sent of `data` now; answers how many bytes. When it is not all, `writable` follows. */
  write(data: Bytes, now: Millis): number {
    const open = this.#state.name === "open";
    const count = open ? this.#sender.write(data, now) : 0;
    this.#waitsToWrite = count < data.length && (open || this.#state.name === "calling");
    this.#expectRoom(now);
    this.#port.planned(this);
    return count;
  }

  /** While a shut window is all that is waited for, the peer is asked: what it said of room may have been lost. */
  #expectRoom(now: Millis): void {
    const blocked = this.#waitsToWrite && this.#state.name === "open" && this.outstanding === 0;
    if (!blocked) this.#probeAt = Infinity;
    else if (this.#probeAt === Infinity) this.#probeAt = now + this.#sender.trip.timeout;
  }

  /** A packet for it. */
  receive(packet: UtpPacket, now: Millis): void {
    if (packet.type === PacketType.Reset) return this.#resetBy(packet);
    if (packet.type === PacketType.Syn) return this.#calledAgain(packet, now);
    if (this.#state.name === "calling" && !this.#answered(packet, this.#state.seq)) return;
    const { flight } = this.#sender;
    const acked = distance(packet.ack, flight.acked);
    if (acked > flight.count || acked < -MOST_ASTRAY) return;
    if (Math.abs(distance(packet.seq, this.#inbox.ack)) > MOST_ASTRAY) return;
    if (this.#state.name === "called" && !this.#establish(acked, now)) return;
    this.#difference = (microseconds(now) - packet.timestamp) >>> 0;
    if (acked >= 0) this.#sender.acknowledged(packet, now);
    if (packet.type !== PacketType.State) this.#take(packet);
    this.#port.touched(this);
  }

  /** All that arrived together is taken in: the user hears of it, and the peer is answered. */
  settle(now: Millis): void {
    if (this.#isNew) {
      this.#isNew = false;
      this.user?.connected(now);
    }
    if (this.#hasNews) {
      this.#hasNews = false;
      if (this.#state.name === "closing") this.#inbox.discard();
      else this.user?.readable(now);
    }
    this.#sender.sendAgain(now);
    if (this.#waitsToWrite && this.#state.name === "open" && this.#sender.maySend(Infinity) > 0) {
      this.user?.writable(now);
    }
    this.#expectRoom(now);
    if (this.#state.name === "closing" && this.outstanding === 0) this.#end("closed");
    if (this.#state.name === "closed") return;
    if (this.#owesAnswer) this.#answer(now);
    this.#port.planned(this);
  }

  /** When {@linkcode tick} has something to do. */
  nextDeadline(): number {
    const until = this.#state.name === "closing" ? this.#state.until : Infinity;
    return Math.min(this.#sender.silentAt, this.#probeAt, this.#keepAt, until);
  }

  /** Time passes. */
  tick(now: Millis): void {
    if (this.#state.name === "closing" && now >= this.#state.until) return this.#end("closed");
    if (now >= this.#sender.silentAt) this.#silence(now);
    if (this.#state.name === "closed") return;
    if (now >= this.#probeAt) {
      this.#probeAt = Infinity;
      this.#sender.probing = true;
      this.user?.writable(now);
      this.#sender.probing = false;
    }
    if (now >= this.#keepAt) this.#answer(now);
  }

  /** Ends it: what is on its way still arrives, and the peer hears of the end. */
  close(now: Millis): void {
    this.user = null;
    if (this.#state.name === "closing") return;
    if (this.#state.name !== "open") return this.#end("closed");
    this.#inbox.discard();
    this.#state = { name: "closing", until: now + LINGER_MS };
    this.#waitsToWrite = false;
    this.#probeAt = Infinity;
    this.#sender.launch(PacketType.Fin, NO_BYTES, now);
    this.#port.lingers(this, now);
  }

  /** Ends it at once and tells the peer, who may not hear it. */
  abandon(now: Millis): void {
    if (this.#state.name === "open" || this.#state.name === "closing") {
      this.#port.send(this.#packet(PacketType.Reset, now, NO_BYTES));
    }
    this.user = null;
    this.#end("closed");
  }

  /** Our call is answered; false: this is no answer to it. */
  #answered({ type, ack, seq }: UtpPacket, called: number): boolean {
    if (type !== PacketType.State || ack !== called) return false;
    // an answer has the number of the first packet to come
    this.#inbox = new Inbox(advance(seq, -1), this.#memory);
    this.#state = { name: "open" };
    this.#isNew = true;
    return true;
  }

  /** The first packet after the peer's call shows that it has our answer; false: it does not, or is not wanted. */
  #establish(acked: number, now: Millis): boolean {
    if (acked !== 0) return false;
    this.#state = { name: "open" };
    this.user = this.#port.established(this, now);
    if (this.user === null) this.abandon(now);
    return this.user !== null;
  }

  #take({ type, seq, payload }: UtpPacket): void {
    this.#owesAnswer = true;
    if (this.#inbox.take(seq, payload, type === PacketType.Fin) === "next") this.#hasNews = true;
  }

  /** The peer did not hear our answer to its call. Anybody may send such a packet: nothing else comes of it. */
  #calledAgain(packet: UtpPacket, now: Millis): void {
    if (this.#state.name === "called" && packet.seq === this.#inbox.ack) this.#answer(now);
  }

  /** Only who has seen a packet of ours knows its number. */
  #resetBy({ ack }: UtpPacket): void {
    const { flight } = this.#sender;
    const about = distance(ack, flight.acked);
    const calling = this.#state.name === "calling";
    if (calling ? about !== 1 : about < 0 || about > flight.count + 1) return;
    this.#end(calling ? "refused" : "reset");
  }

  #silence(now: Millis): void {
    if (this.#sender.nudge(now)) return;
    const { name } = this.#state;
    const full = name === "open" && this.#sender.room < LEAST_ROOM;
    const most = MOST_SILENCES[name === "calling" ? "calling" : full ? "full" : "open"];
    if (this.#sender.silences + 1 >= most) this.#end("silent");
    else this.#sender.silence(now);
  }

  /** Whatever is sent says what has arrived, but not what has after a gap. */
  #dispatch(packet: Bytes, now: Millis): void {
    if (this.#inbox.early === 0) this.#owesAnswer = false;
    this.#speak(packet, now);
  }

  #answer(now: Millis): void {
    this.#owesAnswer = false;
    this.#speak(this.#packet(PacketType.State, now, this.#inbox.mask()), now);
  }

  #speak(packet: Bytes, now: Millis): void {
    this.#offered = this.#inbox.window;
    this.#memory.wait(this.#offer);
    this.#keepAt = now + KEEP_ALIVE_MS;
    this.#port.send(packet);
  }

  #packet(type: PacketKind, now: Millis, mask: Bytes): Bytes {
    return encodePacket(this.#header(type, this.#sender.flight.next, now), NO_BYTES, mask);
  }

  #header(type: PacketKind, seq: number, now: Millis) {
    return {
      type,
      connectionId: type === PacketType.Syn ? this.receiveId : this.sendId,
      timestamp: microseconds(now),
      delay: this.#difference,
      window: this.#inbox.window,
      seq,
      ack: this.#inbox.ack,
    };
  }

  #end(end: UtpEnd): void {
    if (this.#state.name === "closed") return;
    const lostLarge = this.#state.name === "open" && end === "silent" && this.outstanding > 0;
    this.#state = { name: "closed" };
    const { user } = this;
    this.user = null;
    this.#memory.forget(this.#offer);
    this.#inbox.free();
    this.#port.ended(this, lostLarge);
    user?.closed(end);
  }
}
