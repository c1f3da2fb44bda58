import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  binaryString,
  type Bytes,
  infoHash,
  toHex,
  TrackerError,
  utf8,
} from "../../src/base/mod.ts";
import { type Encodable, encode } from "../../src/bencode/mod.ts";
import {
  decodeAnnounceReply,
  decodeScrapeReply,
  DEFAULT_INTERVAL,
  encodeFailure,
  encodeScrapeAnswer,
  MAX_PEERS,
  MAX_REPLY_BYTES,
  printable,
  TrackerRefusal,
} from "../../src/tracker/mod.ts";

const reply = (value: Encodable) => decodeAnnounceReply(encode(value));
const rejected = (body: Bytes) =>
  assertThrows(() => decodeAnnounceReply(body), TrackerError).message;

Deno.test("compact peers of both families, counts, times and texts are read", () => {
  assertEquals(
    reply({
      interval: 1800,
      "min interval": 300,
      complete: 5,
      incomplete: 6,
      downloaded: 7,
      "warning message": "slow down",
      "tracker id": "abc",
      peers: new Uint8Array([1, 2, 3, 4, 0x1a, 0xe1]),
      peers6: new Uint8Array([0x20, 1, 0x0d, 0xb8, ...new Array(11).fill(0), 1, 0, 80]),
    }),
    {
      interval: 1800,
      minInterval: 300,
      seeders: 5,
      leechers: 6,
      downloads: 7,
      warning: "slow down",
      trackerId: utf8("abc"),
      peers: [{ host: "1.2.3.4", port: 6881 }, { host: "2001:db8::1", port: 80 }],
    },
  );
});

Deno.test("dictionary peers are read; names, bad ports and other things are skipped", () => {
  const { peers } = reply({
    interval: 1,
    peers: [
      { ip: "1.2.3.4", port: 1, "peer id": "x".repeat(20) },
      { ip: "2001:DB8::1", port: 2 },
      { ip: "host.example", port: 3 },
      { ip: "1.2.3.4", port: 0 },
      { ip: "1.2.3.4", port: 65536 },
      { ip: "1.2.3.4" },
      { port: 5 },
      { ip: 7, port: 7 },
      "text",
      { ip: "fe80::1%eth0", port: 8 },
    ],
  });
  assertEquals(peers, [{ host: "1.2.3.4", port: 1 }, { host: "2001:db8::1", port: 2 }]);
});

Deno.test("compact peers with port 0 and a broken last entry are dropped", () => {
  const { peers } = reply({ peers: new Uint8Array([1, 1, 1, 1, 0, 1, 2, 2, 2, 2, 0, 0, 3, 3, 3]) });
  assertEquals(peers, [{ host: "1.1.1.1", port: 1 }]);
});

Deno.test("what a tracker leaves out has a sensible value", () => {
  assertEquals(reply({ peers: "" }), {
    interval: DEFAULT_INTERVAL,
    minInterval: null,
    seeders: null,
    leechers: null,
    downloads: null,
    warning: null,
    trackerId: null,
    peers: [],
  });
});

Deno.test("key order and bytes after the end are forgiven, a repeated key is not", () => {
  assertEquals(decodeAnnounceReply(utf8("d5:peers0:8:intervali9ee\r\n")).interval, 9);
  assert(rejected(utf8("d8:intervali9e8:intervali9ee")).includes("cannot be read"));
});

Deno.test("numbers that cannot be are ignored", () => {
  const { interval, seeders } = reply({ interval: -5, complete: -1, peers: "" });
  assertEquals([interval, seeders], [DEFAULT_INTERVAL, null]);
});

Deno.test("at most two thousand peers are taken", () => {
  const peers = new Uint8Array(6 * 10_000).fill(9);
  const peers6 = new Uint8Array(18 * 10_000).fill(9);
  assertEquals(reply({ peers, peers6 }).peers.length, MAX_PEERS);
  assertEquals(reply({ peers6 }).peers.length, MAX_PEERS);
});

Deno.test("a failure reason is a refusal in the tracker's words", () => {
  const refusal = (value: Encodable) => assertThrows(() => reply(value), TrackerRefusal).message;
  assertEquals(refusal({ "failure reason": "go away", peers: "" }), "The tracker refused: go away");
  assertEquals(refusal({ "failure reason": "" }), "The tracker refused: no reason given");
  assertEquals(refusal({ "failure reason": 5 }), "The tracker refused: no reason given");
  assertThrows(() => decodeAnnounceReply(encodeFailure("x")), TrackerRefusal);
});

Deno.test("texts lose control characters and direction marks, and are shortened", () => {
  const warning = (text: string) => reply({ peers: "", "warning message": text }).warning;
  assertEquals(warning("\x1b[31mred\x07\r\n alert\u202egnp\u0085"), "[31mred alert gnp");
  assertEquals(warning("\x00\x01"), null);
  assertEquals([...warning("é".repeat(500))!].length, 200);
  assertEquals(warning("x".repeat(200)), "x".repeat(200));
  assertEquals(printable(new Uint8Array([0x61, 0xff, 0x62])), "a\ufffdb");
});

Deno.test("an answer that is none is named for what it is", () => {
  const page = "The tracker answered with a web page, not with a reply";
  assertEquals(rejected(utf8("<html>")), page);
  assertEquals(rejected(utf8("\n  \t<!doctype html><p>")), page);
  assertEquals(rejected(new Uint8Array(0)), "The tracker answered with nothing");
  assertEquals(rejected(utf8("i5e")), "The tracker answered with something else");
  assertEquals(rejected(utf8("de")), "The tracker answered with neither peers nor an interval");
  assert(rejected(utf8("d8:interval")).startsWith("The tracker's answer cannot be read: "));
  assert(rejected(utf8("Not found")).startsWith("The tracker's answer cannot be read: "));
});

Deno.test("an answer too large, too deep or of too many values is refused", () => {
  assertEquals(
    rejected(new Uint8Array(MAX_REPLY_BYTES + 1)),
    `Expected at most ${MAX_REPLY_BYTES} bytes, got ${MAX_REPLY_BYTES + 1}`,
  );
  assert(rejected(utf8(`d1:a${"l".repeat(1000)}`)).includes("Nested too deeply"));
  assert(rejected(utf8(`d5:peersl${"i1e".repeat(300_000)}ee`)).includes("Too many values"));
});

Deno.test("a tracker id too long to send back is dropped", () => {
  assertEquals(reply({ peers: "", "tracker id": "x".repeat(257) }).trackerId, null);
});

Deno.test("a scrape answer is read by binary key, and ours is in raw byte order", () => {
  const [low, high] = [0x7f, 0x80].map((byte) => infoHash(new Uint8Array(20).fill(byte)));
  const counts = { seeders: 1, leechers: 2, downloads: 3 };
  const body = encodeScrapeAnswer([[high!, counts], [low!, counts], [low!, counts]]);
  const text = binaryString(body);
  assert(text.indexOf(binaryString(low!)) < text.indexOf(binaryString(high!)));
  assert(
    text.startsWith(
      `d5:filesd20:${binaryString(low!)}d8:completei1e10:downloadedi3e10:incompletei2ee`,
    ),
  );
  const read = decodeScrapeReply(body);
  assertEquals([...read.keys()], [toHex(low!), toHex(high!)]);
  assertEquals(read.get(toHex(high!)), counts);
});

Deno.test("a scrape answer without files, or a refusal, is an error", () => {
  assertThrows(
    () => decodeScrapeReply(encode({ x: 1 })),
    TrackerError,
    "without the scrape's files",
  );
  assertThrows(
    () => decodeScrapeReply(encodeFailure("no scraping")),
    TrackerRefusal,
    "no scraping",
  );
  assertEquals(decodeScrapeReply(encode({ files: { short: {}, [("k").repeat(20)]: 1 } })).size, 0);
});
