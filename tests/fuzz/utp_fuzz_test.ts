import { assert, assertEquals } from "@std/assert";
import {
  type Bytes,
  type Endpoint,
  millis,
  randomBytes,
  SeededRandom,
} from "../../src/base/mod.ts";
import {
  decodePacket,
  encodePacket,
  PacketType,
  type UtpConnection,
  type UtpHeader,
  UtpMux,
  type UtpPacket,
  type UtpUser,
} from "../../src/utp/mod.ts";
import { fuzz } from "./harness.ts";

const HEADER: UtpHeader = {
  type: PacketType.Data,
  connectionId: 10,
  timestamp: 1_000_000,
  delay: 20_000,
  window: 1 << 20,
  seq: 51,
  ack: 5,
};
const packet = (over: Partial<UtpHeader>, payload?: Bytes, mask?: Bytes, padding?: number) =>
  encodePacket({ ...HEADER, ...over }, payload, mask, padding);
const CORPUS = [
  packet({ type: PacketType.Syn, connectionId: 9, seq: 50, ack: 0 }),
  packet({}, new Uint8Array(100)),
  packet({ type: PacketType.State }, undefined, new Uint8Array([0xff, 0, 1, 0])),
  packet({ seq: 52 }, new Uint8Array(10), undefined, 300),
  packet({ type: PacketType.Fin, seq: 60 }),
  packet({ type: PacketType.Reset }),
];

fuzz<UtpPacket>({
  name: "uTP packets",
  corpus: CORPUS,
  decode: decodePacket,
  size: ({ mask, payload }) => mask.length + payload.length,
  // what was read is written and read again the same, unknown extensions aside
  check: (read) => {
    const mask = read.mask.length % 4 === 0 ? read.mask : new Uint8Array(0);
    assertEquals(decodePacket(encodePacket(read, read.payload, mask)), { ...read, mask });
  },
});

const random = new SeededRandom(7);
const FROM: Endpoint = { host: "192.0.2.1", port: 7000 };
let now = 1_000;
let sent = 0;
/** Our numbers, for packets that are nearly right. */
let ours = 0;
const mux = new UtpMux({
  send: (packet) => {
    sent++;
    ours = decodePacket(packet)?.seq ?? ours;
  },
  arrived: (connection) => new Reader(connection),
  fault: (error) => {
    throw error;
  },
  settleSoon: () => {},
  plan: () => {},
}, random);

/** Reads now and then, answers everything. */
class Reader implements UtpUser {
  constructor(readonly connection: UtpConnection) {}
  connected(): void {}
  readable(): void {
    const count = this.connection.read(new Uint8Array(random.below(3) === 0 ? 4_096 : 1));
    assert(count <= 4_096);
    this.connection.write(new Uint8Array(3_000), millis(now));
    if (this.connection.ended) this.connection.close(millis(now));
  }
  writable(): void {
    this.connection.write(new Uint8Array(50), millis(now));
  }
  closed(): void {}
}

fuzz<Bytes>({
  name: "uTP connections that are sent anything",
  corpus: CORPUS,
  generate: (random) => {
    const header = {
      ...HEADER,
      type: random.below(5) as 0 | 1 | 2 | 3 | 4,
      connectionId: 9 + random.below(2),
      window: random.below(2) === 0 ? random.below(2_000) : random.below(2 ** 32),
      delay: random.below(2 ** 32),
      seq: 50 + random.below(20),
      ack: (ours - random.below(6)) & 0xffff,
    };
    const mask = randomBytes(4 * random.below(4), random);
    return encodePacket(header, randomBytes(random.below(1_400), random), mask);
  },
  decode: (packet) => {
    now += random.below(300);
    const before = sent;
    mux.receive(packet, { ...FROM, port: FROM.port + random.below(3) }, millis(now));
    mux.settle(millis(now));
    mux.tick(millis(now));
    assert(sent - before <= 600, "Expected a bounded answer");
    assert(mux.size <= 400, `Expected few connections, got ${mux.size}`);
    assert(mux.nextDeadline() > now || mux.size === 0, "Expected nothing overdue");
    return packet;
  },
});
