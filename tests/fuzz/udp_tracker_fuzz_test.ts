import { assert, assertEquals } from "@std/assert";
import {
  type Bytes,
  endpoint,
  fromHex,
  millis,
  SeededRandom,
  TrackerError,
} from "../../src/base/mod.ts";
import {
  type AnnounceReply,
  decodeConnectAnswer,
  decodeUdpAnnounceAnswer,
  decodeUdpScrapeAnswer,
  encodeConnect,
  encodeUdpAnnounce,
  encodeUdpScrape,
  MAX_PEERS,
  readUdpHead,
  type SwarmCounts,
  SwarmRegistry,
  UdpExchange,
  UdpService,
} from "../../src/tracker/mod.ts";
import {
  decodeUdpAnnounce,
  encodeConnectAnswer,
  encodeUdpAnnounceAnswer,
  encodeUdpScrapeAnswer,
  type UdpAnnounce,
} from "../../src/tracker/udp_requests.ts";
import { fuzz } from "./harness.ts";
import { request } from "./announce_sample.ts";

const { infoHash: hash, peerId: id } = request;
const v4 = { host: "198.51.100.7", port: 6881 };
const v6 = { host: "2001:db8::7", port: 1 };
const connection = fromHex("0102030405060708")!;
const sizes = { seeders: 1, leechers: 2, downloads: 3, interval: 1800 };

for (const [width, peer] of [[4, v4], [16, v6]] as const) {
  const member = { endpoint: peer, peerId: id };
  fuzz<AnnounceReply>({
    name: `a UDP announce answer that is accepted holds sound values only, IPv${
      width === 4 ? 4 : 6
    }`,
    corpus: [
      encodeUdpAnnounceAnswer(1, { ...sizes, peers: [] }),
      encodeUdpAnnounceAnswer(1, { ...sizes, peers: [member, member] }),
    ],
    decode: (bytes) => decodeUdpAnnounceAnswer(bytes, width),
    refusals: [TrackerError],
    size: ({ peers }) => peers.length,
    check: (reply, bytes) => {
      assert(reply.peers.length <= MAX_PEERS);
      for (const each of reply.peers) assertEquals(endpoint(each.host, each.port), each);
      const { interval, seeders, leechers } = reply;
      for (const number of [interval, seeders!, leechers!]) {
        assert(Number.isInteger(number) && number >= 0 && number < 2 ** 32);
      }
      const peers = reply.peers.map((endpoint) => ({ endpoint, peerId: id }));
      // mapped addresses are written as what they are
      if (peers.some(({ endpoint: { host } }) => host.includes(":") !== (width === 16))) return;
      const again = encodeUdpAnnounceAnswer(readUdpHead(bytes)!.transaction, {
        interval,
        seeders: seeders!,
        leechers: leechers!,
        downloads: 0,
        peers,
      });
      assertEquals(decodeUdpAnnounceAnswer(again, width), reply);
    },
  });
}

fuzz<SwarmCounts[]>({
  name: "a UDP scrape answer that is accepted reads the same when written anew",
  corpus: [encodeUdpScrapeAnswer(1, [sizes, sizes])],
  decode: (bytes) => decodeUdpScrapeAnswer(bytes, 2),
  refusals: [TrackerError],
  size: (counts) => counts.length,
  check: (counts, bytes) => {
    assertEquals(
      encodeUdpScrapeAnswer(
        readUdpHead(bytes)!.transaction,
        counts.map(({ seeders, leechers, downloads }) => ({
          seeders: seeders!,
          leechers: leechers!,
          downloads: downloads!,
        })),
      ),
      bytes.slice(0, 32),
    );
  },
});

fuzz<Bytes>({
  name: "a connection id that is accepted is that of the answer",
  corpus: [encodeConnectAnswer(1, connection)],
  decode: decodeConnectAnswer,
  refusals: [TrackerError],
  check: (accepted, bytes) => assertEquals(accepted, bytes.slice(8, 16)),
});

const REQUESTS: Bytes[] = [
  encodeUdpAnnounce(connection, 1, request, ""),
  encodeUdpAnnounce(connection, 1, { ...request, left: 0, event: null }, "/announce?x=1"),
];

fuzz<UdpAnnounce>({
  name: "a UDP announce that is accepted says the same when asked anew",
  corpus: REQUESTS,
  decode: decodeUdpAnnounce,
  refusals: [TrackerError],
  check: (announce) => {
    assert(announce.port >= 1 && announce.port <= 65_535);
    const numwant = announce.numwant ?? -1;
    const again = encodeUdpAnnounce(connection, 1, { ...request, ...announce, numwant }, "");
    assertEquals(decodeUdpAnnounce(again), announce);
  },
});

const NOW = millis(90_000);
const registry = new SwarmRegistry(
  { maxTorrents: 50, maxPeers: 50, peerLife: 1_000_000 },
  new SeededRandom(1),
);
const service = new UdpService({ registry, interval: 300, random: new SeededRandom(2) });
const known = decodeConnectAnswer(service.answer(encodeConnect(1), v4, NOW)!);

fuzz<Bytes>({
  name: "whatever a stranger sends, a UDP tracker answers with one sound packet or with none",
  corpus: [
    encodeConnect(1),
    ...REQUESTS.map((packet) => {
      const mine = packet.slice();
      mine.set(known);
      return mine;
    }),
    encodeUdpScrape(known, 1, [hash, hash]),
  ],
  decode: (bytes) => service.answer(bytes, v4, NOW)!,
  check: (answer, bytes) => {
    const { transaction } = readUdpHead(answer)!;
    assertEquals(bytes.slice(12, 16), Uint8Array.from(answer.slice(4, 8)));
    assert(transaction >= 0 && answer.length <= 1_400);
    assert(registry.torrents <= 50);
  },
});

fuzz<number>({
  name: "whatever a tracker sends, each question ends once or goes on",
  corpus: [
    encodeConnectAnswer(1, connection),
    encodeUdpAnnounceAnswer(0, { ...sizes, peers: [{ endpoint: v4, peerId: id }] }),
    encodeUdpScrapeAnswer(0, [sizes]),
  ],
  decode: (bytes) => {
    // the question has number 0, its connect 1
    let number = 0;
    const exchange = new UdpExchange(() => {}, { below: () => number++ });
    let ended = 0;
    exchange.ask(
      v4,
      {
        encode: (id, transaction) => encodeUdpAnnounce(id, transaction, request, ""),
        decode: (answer) => decodeUdpAnnounceAnswer(answer, 4),
      },
      NOW,
      () => void ended++,
    );
    for (let i = 0; i < 3; i++) {
      exchange.receive(bytes, v4, NOW);
      // from the second on there is a connection, and the question is under way
      exchange.receive(encodeConnectAnswer(1, connection), v4, NOW);
    }
    assert(ended <= 1);
    assert(ended === 1 || exchange.nextDeadline() > NOW);
    return ended;
  },
});
