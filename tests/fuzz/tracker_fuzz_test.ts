import { assert, assertEquals } from "@std/assert";
import {
  binaryString,
  type Bytes,
  concat,
  endpoint,
  fromBinaryString,
  fromHex,
  fromUtf8Lossy,
  infoHash,
  millis,
  SeededRandom,
  toCompact,
  TrackerError,
  utf8,
} from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import {
  type AnnounceQuery,
  Announcer,
  type AnnounceReply,
  announceUrl,
  decodeAnnounceReply,
  decodeScrapeReply,
  encodeAnnounceAnswer,
  encodeScrapeAnswer,
  MAX_PEERS,
  parseAnnounceQuery,
  parseScrapeQuery,
  printable,
  scrapeUrl,
  type SwarmCounts,
} from "../../src/tracker/mod.ts";
import { percentDecode } from "../../src/tracker/http_query.ts";
import { percentEncode } from "../../src/tracker/http_request.ts";
import { fuzz } from "./harness.ts";
import { request } from "./announce_sample.ts";

const { infoHash: hash, peerId: id } = request;
const v4 = { host: "198.51.100.7", port: 6881 };
const v6 = { host: "2001:db8::7", port: 1 };
const sizes = { seeders: 1, leechers: 2, downloads: 3, interval: 1800, minInterval: 60 };
const members = [v4, v6].map((endpoint) => ({ endpoint, peerId: id }));

const REPLIES: Bytes[] = [
  encodeAnnounceAnswer({ ...sizes, peers: members }, { compact: true, noPeerId: true }),
  encodeAnnounceAnswer({ ...sizes, peers: members }, { compact: false, noPeerId: false }),
  encode({
    interval: 1,
    peers: concat(toCompact(v4), toCompact(v4)),
    "warning message": "slow down",
    "tracker id": "abc",
  }),
  fromBinaryString("d5:peers0:8:intervali9e6:peers618:\x20\x01aaaaaaaaaaaaaa\x00\x01e"),
];

fuzz<AnnounceReply>({
  name:
    "an announce answer that is accepted holds sound values only, and reads the same when written anew",
  corpus: REPLIES,
  decode: decodeAnnounceReply,
  refusals: [TrackerError],
  size: ({ peers }) => peers.length,
  check: (reply) => {
    assert(reply.peers.length <= MAX_PEERS);
    for (const peer of reply.peers) assertEquals(endpoint(peer.host, peer.port), peer);
    for (const number of [reply.interval, reply.minInterval, reply.seeders, reply.leechers]) {
      assert(number === null || (Number.isSafeInteger(number) && number >= 0));
    }
    const again = decodeAnnounceReply(encode({
      complete: reply.seeders ?? undefined,
      downloaded: reply.downloads ?? undefined,
      incomplete: reply.leechers ?? undefined,
      interval: reply.interval,
      "min interval": reply.minInterval ?? undefined,
      peers: reply.peers.map(({ host, port }) => ({ ip: host, port })),
      "tracker id": reply.trackerId ?? undefined,
      "warning message": reply.warning ?? undefined,
    }));
    assertEquals(again, reply);
  },
});

fuzz<Map<string, SwarmCounts>>({
  name: "a scrape answer that is accepted reads the same when written anew",
  corpus: [
    encodeScrapeAnswer([[hash, sizes]]),
    encodeScrapeAnswer([[hash, sizes], [infoHash(new Uint8Array(20)), sizes]]),
  ],
  decode: decodeScrapeReply,
  refusals: [TrackerError],
  size: (counts) => counts.size,
  check: (counts) => {
    const whole = [...counts].map(([hex, { seeders, leechers, downloads }]) =>
      [infoHash(fromHex(hex)!), {
        seeders: seeders ?? 0,
        leechers: leechers ?? 0,
        downloads: downloads ?? 0,
      }] as const
    );
    const again = decodeScrapeReply(encodeScrapeAnswer(whole));
    assertEquals([...again.keys()], [...counts.keys()].toSorted());
    for (const [key, { seeders }] of again) assertEquals(seeders, counts.get(key)!.seeders ?? 0);
  },
});

const queryOf = (url: string) => fromBinaryString(url.slice(url.indexOf("?") + 1));

fuzz<AnnounceQuery>({
  name: "an announce that is accepted says the same when asked anew",
  corpus: [
    queryOf(announceUrl("http://t/announce", request)),
    queryOf(announceUrl("http://t/announce?ip=1.2.3.4", { ...request, event: null }))
      .slice(0, -1),
    utf8("info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=1&event=&compact=0"),
  ],
  decode: (bytes) => parseAnnounceQuery(binaryString(bytes)),
  refusals: [TrackerError],
  check: (query) => {
    assertEquals([query.infoHash.length, query.peerId.length], [20, 20]);
    assert(query.port >= 1 && query.port <= 65_535);
    const url = announceUrl("http://t/announce", { ...query, key: 0, trackerId: null });
    const again = parseAnnounceQuery(url.slice(url.indexOf("?") + 1));
    assertEquals(again, { ...query, compact: true, noPeerId: true });
  },
});

fuzz<Bytes[]>({
  name: "a scrape that is accepted asks for the same when asked anew",
  corpus: [queryOf(scrapeUrl("http://t/announce?x=1", [hash, hash])!)],
  decode: (bytes) => parseScrapeQuery(binaryString(bytes)),
  refusals: [TrackerError],
  size: (hashes) => hashes.length,
  check: (hashes) => {
    const url = scrapeUrl("http://t/announce", hashes.map(infoHash))!;
    assertEquals(parseScrapeQuery(url.slice(url.indexOf("?") + 1)), hashes);
  },
});

fuzz<Bytes>({
  name: "a percent-encoded value that is accepted comes back from its canonical form",
  corpus: ["", "plain", "%00%fF+~", "a%20b+c"].map(utf8),
  decode: (bytes) => percentDecode(binaryString(bytes)),
  refusals: [TrackerError],
  size: (bytes) => bytes.length,
  check: (bytes) => assertEquals(percentDecode(percentEncode(bytes)), bytes),
});

fuzz<string>({
  name: "a tracker's text is printable and never longer than 200 characters",
  corpus: [
    "plain",
    "\x1b[31mred\r\n",
    "\u202eevil",
    "é".repeat(300),
    "😀".repeat(250),
    "a\u200b🏴\u{e0067}".repeat(99),
  ].map(utf8),
  decode: printable,
  check: (text) => {
    assert(!/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(text), JSON.stringify(text));
    assert([...text].length <= 200);
    assertEquals(printable(utf8(text)), text);
  },
});

fuzz<string>({
  name: "any tracker URL in a torrent is asked for with its own text in front, or not at all",
  corpus: ["http://t/announce", "http://t/announce?a=1#x", "udp://t:80", "https://[::1]:1/a"].map(
    utf8,
  ),
  decode: fromUtf8Lossy,
  check: (url) => {
    const announcer = new Announcer({
      infoHash: hash,
      peerId: id,
      tiers: [[url]],
      isPrivate: false,
      random: new SeededRandom(1),
      stats: () => ({ port: 1, uploaded: 0, downloaded: 0, left: 1, peersWanted: 1 }),
    }, millis(0));
    const job = announcer.next(millis(0));
    assertEquals(job === null, announcer.status()[0]!.state.phase === "unsupported");
    if (job === null) return;
    const asked = announceUrl(job.url, job.request);
    assert(asked.startsWith(url.trim().split("#")[0]!));
    const parsed = new URL(asked);
    assertEquals(new URL(url).host, parsed.host);
    // its own parameters come first, ours last
    assertEquals(parsed.search.split("info_hash=").at(-1)!.split("&")[0], percentEncode(hash));
  },
});

Deno.test("a failure reason of any bytes is a refusal with printable text", () => {
  for (let byte = 0; byte < 256; byte++) {
    const body = encode({ "failure reason": new Uint8Array(50).fill(byte) });
    try {
      decodeAnnounceReply(body);
    } catch (error) {
      assert(error instanceof TrackerError && !/\p{Cc}/u.test(error.message));
      continue;
    }
    throw new Error("a refusal was accepted");
  }
});
