import type { Bytes, Millis } from "../base/mod.ts";
import { Congestion } from "./congestion.ts";
import { DelayHistory } from "./delay_history.ts";
import { Flight, type Losses, MOST_PACKETS, type Sent } from "./flight.ts";
import type { Looks } from "./looks.ts";
import {
  encodePacket,
  HEADER_SIZE,
  type PacketKind,
  PacketType,
  refreshPacket,
  type UtpHeader,
  type UtpPacket,
} from "./packet.ts";
import type { PacketSize } from "./packet_size.ts";
import { RoundTrip } from "./round_trip.ts";

/** The same answer so often, and what it waits for is lost. */
const SAME_ANSWERS = 3;
/** Less room than this at the peer is as good as none. */
export const LEAST_ROOM = 256;
/** What we know of the way is old after this. */
const REST_MS = 10_000;
/** Before an answer is late for good, what was sent last is repeated: one answer is lost as easily as a packet. */
const LEAST_NUDGE_MS = 100;

/** What a sender needs of its connection. */
export interface SenderPort {
  /** The header of a packet that is sent now. */
  header(type: PacketKind, seq: number, now: Millis): UtpHeader;
  /** Sends a packet. */
  dispatch(packet: Bytes, now: Millis): void;
}

/** The sending half of a connection: what is on its way, what was lost, how much may be sent. */
export class Sender {
  /** Bytes the peer takes. */
  room = 0;
  /** Times in a row that nothing was answered. */
  silences = 0;
  /** An answer is late then; Infinity: none is due. */
  silentAt = Infinity;
  /** One byte may be sent although the peer takes nothing. */
  probing = false;
  readonly congestion: Congestion;
  readonly trip = new RoundTrip();
  readonly flight: Flight;
  readonly #size: PacketSize;
  readonly #port: SenderPort;
  readonly #delays = new DelayHistory();
  #sameAnswers = 0;
  #nudged = false;
  #reopenedAt = -Infinity;
  #launchedAt: Millis;

  /** `seq`: the number of the first packet. */
  constructor(seq: number, size: PacketSize, looks: Looks, port: SenderPort, now: Millis) {
    this.flight = new Flight(seq);
    this.#size = size;
    this.#port = port;
    this.congestion = new Congestion(this.#fullPayload, looks);
    this.#launchedAt = now;
  }

  /** Bytes of payload that the next packet may have, of `wanted`; 0: it has to wait. */
  maySend(wanted: number): number {
    const { bytes, count, hasLost } = this.flight;
    if (count >= MOST_PACKETS || hasLost) return 0;
    const size = Math.min(wanted, this.#fullPayload);
    if (this.probing) return Math.min(size, 1);
    const room = this.room - bytes;
    if (room < size) return room >= LEAST_ROOM && bytes === 0 ? room : 0;
    return bytes === 0 || bytes + size <= this.congestion.window ? size : 0;
  }

  /** Sends as much of `data` as may be sent; answers how many bytes. */
  write(data: Bytes, now: Millis): number {
    if (now - this.#launchedAt > REST_MS && this.flight.count === 0) this.congestion.rested();
    let at = 0;
    while (at < data.length) {
      const size = this.maySend(data.length - at);
      if (size === 0) break;
      this.launch(PacketType.Data, data.subarray(at, at + size), now);
      at += size;
      this.probing = false;
    }
    return at;
  }

  /** Sends a packet that must arrive. */
  launch(type: PacketKind, payload: Bytes, now: Millis): void {
    const { next } = this.flight;
    const full = payload.length === this.#fullPayload;
    const larger = full ? this.#size.tryLarger() : null;
    const padding = larger === null ? 0 : larger - HEADER_SIZE - payload.length;
    const header = this.#port.header(type, next, now);
    const packet = encodePacket(header, payload, undefined, padding);
    this.flight.add({ type, packet, size: payload.length, full, probe: padding > 0 }, now);
    if (this.silentAt === Infinity) this.#expect(now);
    this.#launchedAt = now;
    this.#port.dispatch(packet, now);
  }

  /** The peer says what has arrived; `packet.ack` is one of ours. */
  acknowledged(packet: UtpPacket, now: Millis): void {
    const { flight } = this;
    const { bytes: before, count } = flight;
    const reopened = this.room < LEAST_ROOM && packet.window >= LEAST_ROOM;
    this.room = packet.window;
    if (packet.delay !== 0) this.#delays.add(packet.delay, now);
    const { packets, bytes, full, rtt, probe } = flight.arrived(packet.ack, packet.mask, now);
    if (packets > 0) {
      this.silences = this.#sameAnswers = 0;
      this.trip.heard();
      if (rtt !== null) this.trip.sample(rtt);
      this.#size.arrived(full);
      if (probe) this.#size.passed();
      const size = this.congestion.packet = this.#fullPayload;
      const busy = before + size > this.congestion.window;
      this.congestion.arrived({
        bytes,
        delay: this.#waited(rtt),
        full: busy,
        most: MOST_PACKETS * size,
        now,
        trip: this.trip.mean,
      });
      this.#nudged = false;
      this.#expect(now);
    } else if (packet.type === PacketType.State && count > 0 && packet.mask.length === 0) {
      this.#sameAnswers++;
    }
    // once in a round trip: whoever shuts and opens its window all the time is not sent all of it each time
    const pause = Math.max(this.trip.mean, LEAST_NUDGE_MS);
    if (reopened && count > 0 && now - this.#reopenedAt >= pause) this.#reopened(now);
    this.#note(flight.findLost());
    if (this.#sameAnswers === SAME_ANSWERS) this.#note(flight.loseFirst());
  }

  /** Repeats what was sent last, once, to hear something; false: that was done, or nothing is known of the way. */
  nudge(now: Millis): boolean {
    const last = this.#nudged || this.trip.mean === 0 ? null : this.flight.repeatLast();
    if (last === null) return false;
    this.#nudged = true;
    this.#expect(now);
    refreshPacket(last.packet, this.#port.header(last.type, last.seq, now));
    this.#port.dispatch(last.packet, now);
    return true;
  }

  /** An answer is late: all is taken for lost, and sent again bit by bit. */
  silence(now: Millis): void {
    this.silences++;
    this.trip.late();
    const losses = this.flight.loseAll();
    if (losses?.probe) this.#deflate(losses.probe);
    this.#size.suspect(this.silences);
    this.congestion.packet = this.#fullPayload;
    this.congestion.silent();
    this.#nudged = true;
    this.#expect(now);
    this.sendAgain(now);
  }

  /** Sends what was lost, as far as the window goes. */
  sendAgain(now: Millis): void {
    const { flight } = this;
    for (let sent = flight.firstLost(); sent !== null; sent = flight.firstLost()) {
      if (flight.bytes > 0 && flight.bytes + sent.size > this.congestion.window) return;
      refreshPacket(sent.packet, this.#port.header(sent.type, sent.seq, now));
      flight.again(sent, now);
      this.#port.dispatch(sent.packet, now);
    }
  }

  /** The peer takes something again: what it had no room for need not be waited for. */
  #reopened(now: Millis): void {
    this.#reopenedAt = now;
    const losses = this.flight.loseAll();
    if (losses?.probe) this.#deflate(losses.probe);
    this.silences = 0;
    this.trip.heard();
    this.#expect(now);
  }

  #expect(now: Millis): void {
    const { mean, timeout } = this.trip;
    const soon = this.#nudged || mean === 0 ? timeout : Math.max(LEAST_NUDGE_MS, 2 * mean);
    this.silentAt = this.flight.count === 0 ? Infinity : now + Math.min(soon, timeout);
  }

  get #fullPayload(): number {
    return this.#size.bytes - HEADER_SIZE;
  }

  /** Microseconds that our packets wait in queues. Never more than an answer takes: the peer's clock may have jumped. */
  #waited(rtt: number | null): number | null {
    const { delay } = this.#delays;
    return delay === null ? null : Math.min(delay, (rtt ?? this.trip.mean) * 1000);
  }

  #note(losses: Losses | null): void {
    if (losses === null) return;
    if (losses.probe !== null) this.#deflate(losses.probe);
    if (losses.fresh) this.congestion.lost();
  }

  /** The large packet did not pass: its payload will be sent in an ordinary one. */
  #deflate(sent: Sent): void {
    sent.probe = false;
    sent.packet = encodePacket(
      this.#port.header(sent.type, sent.seq, sent.sentAt),
      sent.packet.subarray(sent.packet.length - sent.size),
    );
    this.#size.failed();
  }
}
