import { assertEquals, assertThrows } from "@std/assert";
import {
  concat,
  fromHex,
  infoHash,
  peerId,
  toHex,
  TrackerError,
  utf8,
} from "../../src/base/mod.ts";
import {
  type AnnounceRequest,
  decodeConnectAnswer,
  decodeUdpAnnounceAnswer,
  decodeUdpScrapeAnswer,
  encodeConnect,
  encodeUdpAnnounce,
  encodeUdpScrape,
  MAX_PEERS,
  readUdpHead,
  TrackerRefusal,
  urlData,
} from "../../src/tracker/mod.ts";

const CONNECTION = fromHex("0102030405060708")!;
const hash = infoHash(fromHex("11".repeat(20))!);
const request: AnnounceRequest = {
  infoHash: hash,
  peerId: peerId(fromHex("22".repeat(20))!),
  port: 6881,
  uploaded: 3,
  downloaded: 2 ** 32 + 1,
  left: Number.MAX_SAFE_INTEGER,
  event: "started",
  numwant: 200,
  key: 0xdead_beef,
  trackerId: null,
};
const hex = (text: string) => fromHex(text.replaceAll(" ", ""))!;

Deno.test("a connect is the magic of BEP 15, action 0 and the transaction", () => {
  assertEquals(toHex(encodeConnect(0xcafe_babe)), "0000041727101980" + "00000000" + "cafebabe");
});

Deno.test("an announce has every field of BEP 15 in its place, sizes of 64 bits", () => {
  assertEquals(
    encodeUdpAnnounce(CONNECTION, 9, request, ""),
    hex([
      "0102030405060708 00000001 00000009",
      "11".repeat(20),
      "22".repeat(20),
      "0000000100000001 001fffffffffffff 0000000000000003",
      "00000002 00000000 deadbeef 000000c8 1ae1",
    ].join("")),
  );
  const events = [null, "completed", "started", "stopped"] as const;
  assertEquals(
    events.map((event) => encodeUdpAnnounce(CONNECTION, 9, { ...request, event }, "")[83]),
    [0, 1, 2, 3],
  );
});

Deno.test("path and query of the tracker's URL follow as BEP 41's URL data, in parts of 255 bytes", () => {
  const data = (url: string) => urlData(new URL(url));
  const options = (text: string) => encodeUdpAnnounce(CONNECTION, 9, request, text).subarray(98);
  assertEquals(options(data("http://t:1/dir?a=b&c=d")), concat(hex("020c"), utf8("/dir?a=b&c=d")));
  assertEquals(options(data("http://t:1")), new Uint8Array());
  const long = data(`http://t:1/${"x".repeat(299)}`);
  assertEquals(
    options(long),
    concat(hex("02ff"), utf8(long.slice(0, 255)), hex("022d"), utf8(long.slice(255))),
  );
  // a packet is small or it is lost
  assertEquals(data(`http://t:1/${"x".repeat(1_020)}`), "");
});

Deno.test("a scrape names up to 74 torrents", () => {
  const packet = encodeUdpScrape(CONNECTION, 9, Array(74).fill(hash));
  assertEquals(toHex(packet.subarray(0, 36)), "01020304050607080000000200000009" + "11".repeat(20));
  assertEquals(packet.length, 16 + 74 * 20);
  assertThrows(() => encodeUdpScrape(CONNECTION, 9, Array(75).fill(hash)), RangeError);
});

Deno.test("answers are read: connection id, peers of either family, counts", () => {
  assertEquals(decodeConnectAnswer(hex("00000000 00000009 0102030405060708")), CONNECTION);
  const head = "00000001 00000009 00000708 00000003 00000002";
  const reply = {
    interval: 1800,
    minInterval: null,
    leechers: 3,
    seeders: 2,
    downloads: null,
    warning: null,
    trackerId: null,
  };
  assertEquals(decodeUdpAnnounceAnswer(hex(`${head} c6336407 1ae1 c6336408 0000`), 4), {
    ...reply,
    peers: [{ host: "198.51.100.7", port: 6881 }],
  });
  assertEquals(
    decodeUdpAnnounceAnswer(hex(`${head} 20010db8000000000000000000000007 0001`), 16),
    { ...reply, peers: [{ host: "2001:db8::7", port: 1 }] },
  );
  assertEquals(
    decodeUdpScrapeAnswer(
      hex("00000002 00000009 00000001 00000002 00000003 00000004 00000005 ffffffff"),
      2,
    ),
    [
      { seeders: 1, downloads: 2, leechers: 3 },
      { seeders: 4, downloads: 5, leechers: 0xffff_ffff },
    ],
  );
  assertEquals(readUdpHead(hex("00000003 00000009 41")), { action: 3, transaction: 9 });
  assertEquals([readUdpHead(hex("00000004 00000009")), readUdpHead(hex("00000000"))], [null, null]);
});

Deno.test("more peers than anybody needs are left unread", () => {
  const packet = new Uint8Array(20 + 6 * (MAX_PEERS + 1)).fill(1);
  packet.set(hex("00000001"));
  assertEquals(decodeUdpAnnounceAnswer(packet, 4).peers.length, MAX_PEERS);
});

Deno.test("an error is a refusal in printable words", () => {
  const refusal = (text: string) =>
    assertThrows(
      () => decodeUdpAnnounceAnswer(concat(hex("00000003 00000009"), utf8(text)), 4),
      TrackerRefusal,
    ).message;
  assertEquals(refusal("gone\x1b[31m\n"), "The tracker refused: gone [31m");
  assertEquals(refusal(""), "The tracker refused: no reason given");
  // what opentracker sends for a torrent that is not in its whitelist
  const empty = () => decodeUdpAnnounceAnswer(hex("00000001 00000009"), 4);
  assertThrows(empty, TrackerRefusal, "The tracker refused: it knows no such torrent");
});

Deno.test("an answer that is cut short, of another action or of no whole peers is no answer", () => {
  const complaint = (decode: () => unknown) => assertThrows(decode, TrackerError).message;
  const announce = "00000001 00000009 00000708 00000003 00000002";
  assertEquals(
    complaint(() => decodeConnectAnswer(hex("00000000 00000009 01020304050607"))),
    "Expected an answer of 16 bytes, got 15",
  );
  assertEquals(
    complaint(() => decodeUdpAnnounceAnswer(hex(announce).subarray(0, 19), 4)),
    "Expected an answer of 20 bytes, got 19",
  );
  assertEquals(
    complaint(() => decodeUdpAnnounceAnswer(hex(`${announce} c63364071a`), 4)),
    "Expected peers of 6 bytes each, got 5 bytes",
  );
  assertEquals(
    complaint(() => decodeUdpAnnounceAnswer(hex(`${announce} c63364071ae1`), 16)),
    "Expected peers of 18 bytes each, got 6 bytes",
  );
  assertEquals(
    complaint(() => decodeUdpScrapeAnswer(hex("00000002 00000009"), 1)),
    "Expected an answer of 20 bytes, got 8",
  );
  const other = "The tracker answered something else";
  assertEquals(complaint(() => decodeUdpScrapeAnswer(hex(announce), 1)), other);
  assertEquals(complaint(() => decodeConnectAnswer(hex(announce))), other);
});
