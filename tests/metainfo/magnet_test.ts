import { assertEquals, assertThrows } from "@std/assert";
import { infoHash, MagnetError, toHex } from "../../src/base/mod.ts";
import {
  countOf,
  encodeMagnet,
  isMagnet,
  linkOfHash,
  parseInfoHash,
  parseMagnet,
  parseMetainfo,
  parseRanges,
  torrentOf,
} from "../../src/metainfo/mod.ts";
import { encode } from "../../src/bencode/mod.ts";

const HEX = "c9e15763f722f23e98a29decdfae341b98d53056";
const BASE32 = "ZHQVOY7XELZD5GFCTXWN7LRUDOMNKMCW";
const XT = `xt=urn:btih:${HEX}`;

function fault(link: string): string {
  return assertThrows(() => parseMagnet(link), MagnetError).part;
}

Deno.test("magnet: hexadecimal and base32 in either case are one info hash", () => {
  for (const text of [HEX, HEX.toUpperCase(), BASE32, BASE32.toLowerCase()]) {
    assertEquals(toHex(parseInfoHash(text)!), HEX);
    assertEquals(toHex(parseMagnet(`magnet:?xt=urn:btih:${text}`).infoHash), HEX);
  }
  assertEquals(toHex(parseMagnet(`MAGNET:?XT=URN:BTIH:${HEX}`).infoHash), HEX);
  for (
    const text of ["", HEX.slice(1), `${HEX}0`, HEX.replace("c", "g"), BASE32.replace("Z", "1")]
  ) {
    assertEquals(parseInfoHash(text), null);
  }
});

Deno.test("magnet: everything a link can say", () => {
  const magnet = parseMagnet(
    `magnet:?${XT}&dn=a%20b%26c+d&xl=1048576&tr=http%3A%2F%2Ft.example%3A80%2Fannounce` +
      "&tr.1=udp://u.example:6969&tr.2=wss://w.example&tr=nonsense&ws=https://s.example/a+b/" +
      "&x.pe=192.168.1.5:6881&x.pe=[2001:db8::1]:7&x.pe=host.example:8&so=0,2,4-6" +
      "&xs=https://s.example/a.torrent&foo=bar&empty",
  );
  assertEquals(magnet, {
    kind: "magnet",
    infoHash: infoHash(parseInfoHash(HEX)!),
    infoHashV1: infoHash(parseInfoHash(HEX)!),
    infoHashV2: null,
    name: "a b&c d",
    trackers: ["http://t.example:80/announce", "udp://u.example:6969"],
    webseeds: ["https://s.example/a+b/"],
    peers: ["192.168.1.5:6881", "[2001:db8::1]:7", "host.example:8"],
    exactSources: ["https://s.example/a.torrent"],
    length: 1_048_576,
    select: [{ from: 0, to: 0 }, { from: 2, to: 2 }, { from: 4, to: 6 }],
  });
});

Deno.test("magnet: of several topics the v1 hash is used, wherever it stands", () => {
  const v2 = `xt=urn:btmh:1220${"ab".repeat(32)}`;
  assertEquals(toHex(parseMagnet(`magnet:?${v2}&${XT}`).infoHash), HEX);
  assertEquals(toHex(parseMagnet(`magnet:?xt.1=urn:sha1:X&xt.2=urn:btih:${HEX}`).infoHash), HEX);
});

Deno.test("magnet: a link of v2 is known by the first 20 bytes of its hash (BEP 52)", () => {
  const digits = "ab".repeat(32);
  for (const text of [`magnet:?xt=urn:btmh:1220${digits}`, linkOfHash(digits.toUpperCase())!]) {
    const magnet = parseMagnet(text);
    assertEquals(toHex(magnet.infoHash), digits.slice(0, 40));
    assertEquals(magnet.infoHashV1, null);
    assertEquals(magnet.infoHashV2 && toHex(magnet.infoHashV2), digits);
    assertEquals(parseMagnet(encodeMagnet(magnet)), magnet);
  }
  const both = parseMagnet(`magnet:?xt=urn:btmh:1220${digits}&${XT}`);
  assertEquals([toHex(both.infoHash), toHex(both.infoHashV2!)], [HEX, digits]);
  assertEquals(parseMagnet(encodeMagnet(both)), both);
  // some write the beginning of it where a hash of v1 belongs
  const twice = `magnet:?xt=urn:btih:${digits.slice(0, 40)}&xt=urn:btmh:1220${digits}`;
  assertEquals(parseMagnet(twice), parseMagnet(`magnet:?xt=urn:btmh:1220${digits}`));
});

Deno.test("magnet: what is no SHA-256 after urn:btmh: is refused, also beside a hash of v1", () => {
  const digits = "ab".repeat(32);
  for (
    const wrong of [`1220${digits.slice(1)}`, `1220${digits}0`, `1120${digits}`, digits, "1220", ""]
  ) {
    for (const link of [`magnet:?xt=urn:btmh:${wrong}`, `magnet:?xt=urn:btmh:${wrong}&${XT}`]) {
      const error = assertThrows(() => parseMagnet(link), MagnetError);
      assertEquals(error.part, "xt");
    }
  }
});

Deno.test("magnet: a link out of a page's source, with spaces around it", () => {
  const { name, trackers } = parseMagnet(`  magnet:?${XT}&amp;dn=x&amp;tr=http://t.example/a \n`);
  assertEquals([name, trackers], ["x", ["http://t.example/a"]]);
});

Deno.test("magnet: what is wrong is named", () => {
  assertEquals(fault("magnet:"), "link");
  assertEquals(fault("magnet:?"), "link");
  assertEquals(fault(`magnet:${XT}`), "link");
  assertEquals(fault(`magnet:?${XT}&dn=${"x".repeat(65_536)}`), "link");
  assertEquals(fault(`magnet:?${XT}${"&a=b".repeat(1000)}`), "link");
  assertEquals(fault("magnet:?dn=x"), "xt");
  assertEquals(fault("magnet:?xt="), "xt");
  assertEquals(fault("magnet:?xt=urn:btih:"), "xt");
  assertEquals(fault(`magnet:?xt=urn:btih:${HEX.slice(1)}`), "xt");
  assertEquals(fault(`magnet:?xt=urn:sha1:${BASE32}`), "xt");
  for (const peer of ["1.2.3.4", "1.2.3.4:0", "1.2.3.4:65536", "::1:80", ":80", "a b:80", ""]) {
    assertEquals(fault(`magnet:?${XT}&x.pe=${peer}`), "x.pe");
  }
  for (const files of ["", "a", "3-1", "1,,2", "-1", "1-", "999999"]) {
    assertEquals(fault(`magnet:?${XT}&so=${files}`), "so");
  }
});

Deno.test("magnet: what only informs may be wrong", () => {
  const { name, length } = parseMagnet(`magnet:?${XT}&dn=%zz%f&xl=many`);
  assertEquals([name, length], ["%zz%f", null]);
  assertEquals(parseMagnet(`magnet:?${XT}&xl=99999999999999999`).length, null);
});

Deno.test("magnet: no kind of parameter gathers without bound", () => {
  const many = Array.from(
    { length: 400 },
    (_, i) => `&tr=http://t${i}.example/&x.pe=1.2.3.4:${i + 1}`,
  );
  const { trackers, peers } = parseMagnet(`magnet:?${XT}${many.join("")}`);
  assertEquals([trackers.length, peers.length], [100, 100]);
});

Deno.test("magnet: an encoded link says the same when it is read", () => {
  const magnet = {
    kind: "magnet" as const,
    infoHash: parseInfoHash(HEX)!,
    infoHashV1: parseInfoHash(HEX)!,
    infoHashV2: null,
    name: "ä & b=c?/100%",
    trackers: ["http://t.example/announce?a=1&b=2", "udp://u.example:1"],
    webseeds: ["https://w.example/a%20b/"],
    peers: ["10.0.0.1:6881", "[fd00::1]:6881"],
    exactSources: [],
    length: 12,
    select: [{ from: 1, to: 3 }, { from: 7, to: 7 }],
  };
  assertEquals(parseMagnet(encodeMagnet(magnet)), magnet);
  assertEquals(encodeMagnet({ infoHash: magnet.infoHash }), `magnet:?${XT}`);
});

Deno.test("magnet: what is meant as a link, and file numbers", () => {
  assertEquals(["magnet:?", " Magnet:x", "a.torrent", "./magnet:"].map(isMagnet), [
    true,
    true,
    false,
    false,
  ]);
  assertEquals(parseRanges("5,1-3,2-4,9", 1, 9), [{ from: 1, to: 5 }, { from: 9, to: 9 }]);
  assertEquals(parseRanges("0", 1, 9), null);
  assertEquals(countOf([{ from: 1, to: 5 }, { from: 9, to: 9 }]), 6);
});

Deno.test("torrentOf: the info dictionary stays as it is, between trackers and web seeds", async () => {
  const info = encode({ length: 1, name: "x", "piece length": 16384, pieces: new Uint8Array(20) });
  for (
    const [trackers, webseeds] of [[[], []], [["http://a/"], ["http://w/"]], [[
      "http://a/",
      "http://b/",
    ], []]] as const
  ) {
    const metainfo = await parseMetainfo(torrentOf(info, trackers, webseeds));
    assertEquals(metainfo.infoBytes, info);
    assertEquals(metainfo.trackers, trackers.map((url) => [url]));
    assertEquals(metainfo.webseeds, webseeds);
  }
});
