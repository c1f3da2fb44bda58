/** A mux, and what it sends to a peer of which the test makes every packet. */
import { assertEquals } from "@std/assert";
import {
  type Bytes,
  type Endpoint,
  type Millis,
  millis,
  SeededRandom,
} from "../../src/base/mod.ts";
import {
  decodePacket,
  encodePacket,
  PacketType,
  type UtpConnection,
  type UtpEnd,
  type UtpHeader,
  UtpMux,
  type UtpPacket,
} from "../../src/utp/mod.ts";

export const PEER: Endpoint = { host: "192.0.2.7", port: 7000 };

/** One mux under test. */
export class LonePeer {
  readonly mux: UtpMux;
  now: Millis = millis(10_000);
  /** What was sent since it was last looked at. */
  sent: { readonly packet: UtpPacket; readonly to: Endpoint }[] = [];
  readonly arrived: UtpConnection[] = [];
  readonly read: number[] = [];
  ends: UtpEnd[] = [];
  connects = 0;
  /** False: packets gather until the test says so. */
  settling = true;
  readonly faults: unknown[] = [];
  /** Times that it was asked to settle. */
  settles = 0;

  constructor(seed = 1) {
    this.mux = new UtpMux({
      send: (packet, to) => {
        this.sent.push({ packet: decodePacket(packet.slice())!, to });
      },
      arrived: (connection) => {
        this.arrived.push(connection);
        return this.user(() => connection);
      },
      fault: (error) => void this.faults.push(error),
      settleSoon: () => this.settles++,
      plan: () => {},
    }, new SeededRandom(seed));
  }

  user(of: () => UtpConnection | null) {
    return {
      connected: () => void this.connects++,
      readable: () => {
        const into = new Uint8Array(65_536);
        const count = of()?.read(into) ?? 0;
        for (const each of into.subarray(0, count)) this.read.push(each);
      },
      writable: () => {},
      closed: (end: UtpEnd) => void this.ends.push(end),
    };
  }

  /** Calls the peer; the connection and the call. */
  call(): { connection: UtpConnection; syn: UtpPacket } {
    let connection: UtpConnection | null = null;
    connection = this.mux.call(PEER, this.user(() => connection), this.now);
    return { connection: connection!, syn: this.last() };
  }

  /** Calls the peer, who answers with the number 1000. */
  open(): { connection: UtpConnection; syn: UtpPacket } {
    const { connection, syn } = this.call();
    this.hear({
      type: PacketType.State,
      connectionId: syn.connectionId,
      seq: 1_000,
      ack: syn.seq,
    });
    assertEquals([connection.state, this.connects], ["open", 1]);
    this.sent = [];
    return { connection, syn };
  }

  /** A packet of the peer's arrives, alone. */
  hear(
    header: Partial<UtpHeader> & Pick<UtpHeader, "type" | "connectionId">,
    payload: Bytes = new Uint8Array(0),
    from = PEER,
    mask?: Bytes,
  ): void {
    const whole = { timestamp: 1, delay: 1, window: 1 << 20, seq: 0, ack: 0, ...header };
    this.raw(encodePacket(whole, payload, mask), from);
  }

  raw(packet: Bytes, from = PEER): void {
    this.mux.receive(packet, from, this.now);
    if (this.settling) this.mux.settle(this.now);
  }

  /** Time passes, with what is due. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.mux.nextDeadline();
      if (next > end) break;
      this.now = millis(Math.max(this.now, next));
      this.mux.tick(this.now);
    }
    this.now = millis(end);
  }

  /** The packet sent last. */
  last(): UtpPacket {
    const last = this.sent.at(-1);
    if (last === undefined) throw new Error("Expected a packet, none was sent");
    return last.packet;
  }

  /** Kinds of the packets sent since the last look. */
  kinds(): number[] {
    const kinds = this.sent.map(({ packet }) => packet.type);
    this.sent = [];
    return kinds;
  }
}
