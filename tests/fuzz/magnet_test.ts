import { assert, assertEquals } from "@std/assert";
import { fromUtf8Lossy, MagnetError, type Random, utf8 } from "../../src/base/mod.ts";
import { encodeMagnet, type Magnet, parseMagnet } from "../../src/metainfo/mod.ts";
import { fuzz } from "./harness.ts";

const XT = "xt=urn:btih:c9e15763f722f23e98a29decdfae341b98d53056";
const PARTS = [
  XT,
  "xt=urn:btih:ZHQVOY7XELZD5GFCTXWN7LRUDOMNKMCW",
  "xt=urn:btmh:1220abcd",
  "dn=a%20b+%c3%a4%ff%",
  "tr=http%3A%2F%2Ft.example%2Fannounce",
  "tr.7=udp://u.example:1",
  "ws=https://w.example/%25/",
  "x.pe=1.2.3.4:5",
  "x.pe=[2001:db8::1]:5",
  "x.pe=host:5",
  "so=1,3-5",
  "so=9-1",
  "xl=12",
  "xs=http://s.example/a.torrent",
  "=",
  "%",
];

fuzz<Magnet>({
  name: "magnet links",
  corpus: [
    `magnet:?${XT}`,
    `magnet:?${XT}&dn=a+b&tr=http://t.example/announce&tr=udp://u.example:1&x.pe=1.2.3.4:5`,
    `magnet:?xt.1=urn:btih:ZHQVOY7XELZD5GFCTXWN7LRUDOMNKMCW&so=0,2,4-6&ws=http://w.example/&xl=7`,
  ].map(utf8),
  decode: (bytes) => parseMagnet(fromUtf8Lossy(bytes)),
  refusals: [MagnetError],
  generate: (random: Random) => {
    const parts = Array.from(
      { length: 1 + random.below(8) },
      () => PARTS[random.below(PARTS.length)],
    );
    return utf8(`magnet:?${parts.join("&")}`);
  },
  size: ({ trackers, webseeds, peers, exactSources, select }) =>
    trackers.length + webseeds.length + peers.length + exactSources.length + (select?.length ?? 0),
  check: (magnet) => {
    assertEquals(magnet.infoHash.length, 20);
    assert(magnet.name?.isWellFormed() ?? true);
    assertEquals(parseMagnet(encodeMagnet(magnet)), magnet);
  },
});
