/** A gateway that speaks PCP, NAT-PMP or both, honestly or not; packets in, packets out. */
import {
  type Bytes,
  type Millis,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from "../../src/base/mod.ts";

const OUTSIDE = [203, 0, 113, 7];

/** One question, as it was understood; `lifetime` null: for the outside address. */
export interface Asked {
  readonly transport: "tcp" | "udp" | null;
  readonly external: number;
  readonly lifetime: number | null;
}

export class FakePmp {
  /** Ports held, as `tcp 6881`. */
  readonly held = new Map<string, number>();
  readonly asked: Asked[] = [];
  readonly answers: Bytes[] = [];
  lifetime: number | null = null;
  result = 0;
  refuses: "tcp" | "udp" | null = null;
  /** Says nothing, and does nothing. */
  mute = false;
  /** Does what it is asked, and what it says is lost. */
  unheard = false;
  /** Gives ports so far from those that are wished. */
  shift = 0;
  twist: (answer: Bytes) => void = () => {};
  epochOf = (now: number): number => Math.floor((now - this.#since) / 1000);
  #since = 0;

  constructor(readonly speaks: "pcp" | "nat-pmp" | "pcp+nat-pmp") {}

  /** Forgets everything, as a power cut does. */
  restart(now: number): void {
    this.#since = now;
    this.held.clear();
  }

  answer(packet: Bytes, now: Millis): readonly Bytes[] {
    if (this.mute) return [];
    const answer = this.#answer(packet, this.epochOf(now));
    this.twist(answer);
    this.answers.push(answer);
    return this.unheard ? [] : [answer];
  }

  #answer(packet: Bytes, epoch: number): Bytes {
    if (packet[0] === 2 && this.speaks !== "nat-pmp") return this.#pcp(packet, epoch);
    if (packet[0] === 0 && this.speaks !== "pcp") return this.#natPmp(packet, epoch);
    // RFC 6886, 3.5: version 0, the operation as an answer's, result 1
    const unknown = new Uint8Array(8);
    unknown[1] = 128 | packet[1]!;
    unknown[3] = 1;
    return unknown;
  }

  #pcp(packet: Bytes, epoch: number): Bytes {
    const answer = packet.slice();
    const transport = packet[36] === 6 ? "tcp" : "udp";
    const lifetime = readUint32(packet, 4);
    const wish = readUint16(packet, 42);
    const result = this.#note(transport, readUint16(packet, 40), wish, lifetime);
    answer.fill(0, 2, 24);
    answer[1] = packet[1]! | 0x80;
    answer[3] = result;
    writeUint32(answer, 4, lifetime === 0 ? 0 : this.lifetime ?? lifetime);
    writeUint32(answer, 8, epoch);
    writeUint16(answer, 42, this.held.get(`${transport} ${readUint16(packet, 40)}`) ?? wish);
    answer.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...OUTSIDE], 44);
    return answer;
  }

  #natPmp(packet: Bytes, epoch: number): Bytes {
    if (packet[1] === 0) {
      this.asked.push({ transport: null, external: 0, lifetime: null });
      const answer = new Uint8Array(12);
      answer[1] = 128;
      writeUint32(answer, 4, epoch);
      answer.set(OUTSIDE, 8);
      return answer;
    }
    const transport = packet[1] === 2 ? "tcp" : "udp";
    const internal = readUint16(packet, 4);
    const lifetime = readUint32(packet, 8);
    const result = this.#note(transport, internal, readUint16(packet, 6), lifetime);
    const answer = new Uint8Array(16);
    answer[1] = 128 | packet[1]!;
    answer[3] = result;
    writeUint32(answer, 4, epoch);
    writeUint16(answer, 8, internal);
    writeUint16(answer, 10, this.held.get(`${transport} ${internal}`) ?? 0);
    writeUint32(answer, 12, lifetime === 0 ? 0 : this.lifetime ?? lifetime);
    return answer;
  }

  #note(transport: "tcp" | "udp", internal: number, external: number, lifetime: number): number {
    this.asked.push({ transport, external, lifetime });
    if (this.result !== 0) return this.result;
    if (this.refuses === transport) return 2;
    const key = `${transport} ${internal}`;
    if (lifetime === 0) this.held.delete(key);
    else this.held.set(key, this.held.get(key) ?? external + this.shift);
    return 0;
  }
}
