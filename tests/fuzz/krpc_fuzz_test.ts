import { assert, assertEquals } from "@std/assert";
import {
  type Bytes,
  type InfoHash,
  millis,
  randomBytes,
  SeededRandom,
} from "../../src/base/mod.ts";
import {
  decodeMessage,
  DhtNode,
  encodeMessage,
  KrpcError,
  type KrpcMessage,
  NOTHING,
  randomId,
} from "../../src/dht/mod.ts";
import { fuzz } from "./harness.ts";

const random = new SeededRandom(1);
const id = randomId(random);
const hash = randomBytes(20, random) as InfoHash;
const transaction = randomBytes(4, random);
const asked = { type: "query", id, transaction, readOnly: false } as const;
const MESSAGES: readonly KrpcMessage[] = [
  { ...asked, query: { method: "ping" } },
  { ...asked, query: { method: "find_node", target: id, want: ["v4"] } },
  {
    ...asked,
    query: { method: "get_peers", infoHash: hash, want: [], noSeed: true, scrape: true },
  },
  {
    ...asked,
    query: { method: "announce_peer", infoHash: hash, port: 6881, token: transaction, seed: true },
  },
  { ...asked, query: { method: "sample_infohashes", target: id, want: [] } },
  {
    type: "answer",
    id,
    transaction,
    seenAs: { host: "1.2.3.4", port: 5 },
    answer: {
      ...NOTHING,
      nodes: [{ id, endpoint: { host: "1.2.3.4", port: 5 } }],
      nodes6: [{ id, endpoint: { host: "2001:db8::1", port: 5 } }],
      peers: [{ host: "1.2.3.5", port: 6 }],
      token: transaction,
      samples: { infoHashes: [hash], total: 1, interval: 60 },
    },
  },
  { type: "error", transaction, code: 203, text: "No" },
];
const CORPUS = MESSAGES.map(encodeMessage);

fuzz<KrpcMessage>({
  name: "KRPC messages",
  corpus: CORPUS,
  decode: decodeMessage,
  refusals: [KrpcError],
  size: (message) => {
    if (message.type !== "answer") return 0;
    const { nodes, nodes6, peers, samples } = message.answer;
    return 26 * nodes.length + 38 * nodes6.length + 6 * peers.length +
      20 * (samples?.infoHashes.length ?? 0);
  },
  // what was read is written and read again the same
  check: (message) => {
    if (message.type === "query" && message.query.method === "unknown") return;
    assertEquals(decodeMessage(encodeMessage(message)), message);
  },
});

let sent = 0;
let bytes = 0;
const node = new DhtNode({
  port: {
    send: (packet) => {
      sent++;
      bytes += packet.length;
    },
    mayContact: () => true,
  },
  random,
  families: ["v4", "v6"],
}, millis(0));
let now = 0;

fuzz<Bytes>({
  name: "a DHT node that is sent anything",
  corpus: CORPUS,
  decode: (packet) => {
    now += 20;
    const before = sent;
    node.receive(packet, { host: `1.2.3.${now & 0xff}`, port: 1 + (now & 0x3ff) }, millis(now));
    assert(sent - before <= 1, "Expected at most one packet for one");
    node.tick(millis(now));
    assert(node.status(millis(now)).waiting <= 256);
    assert(bytes <= 64 * 1024 + now * 20, "Expected a bounded rate of what is sent");
    return packet;
  },
});
