import { assertEquals } from "@std/assert";
import type { Encodable } from "../../src/bencode/mod.ts";
import { parseMetainfo } from "../../src/metainfo/mod.ts";
import { singleInfo, torrent } from "./torrents.ts";

async function urlsOf(root: Record<string, Encodable>) {
  const { trackers, webseeds } = await parseMetainfo(torrent(singleInfo(), root));
  return { trackers, webseeds };
}

Deno.test("nodes of the DHT have an address or a name and a port (BEP 5)", async () => {
  const nodesOf = async (nodes: Encodable) =>
    (await parseMetainfo(torrent(singleInfo(), { nodes }))).nodes;
  assertEquals(await nodesOf([["1.2.3.4", 5], ["dht.example", 65_535], ["2a01::1", 6]]), [
    { host: "1.2.3.4", port: 5 },
    { host: "dht.example", port: 65_535 },
    { host: "2a01::1", port: 6 },
  ]);
  const bad = [["a b", 5], ["", 5], ["a", 0], ["a", 65_536], ["a", "5"], ["a"], [], "a", 5, {}];
  assertEquals(await nodesOf([...bad, ["x".repeat(254), 5]]), []);
  assertEquals(await nodesOf("1.2.3.4"), []);
  assertEquals((await nodesOf(Array.from({ length: 99 }, (_, i) => ["a", i + 1]))).length, 32);
});

Deno.test("announce is one tier, and gives way to announce-list (BEP 12)", async () => {
  const announce = "http://one.example/announce";
  assertEquals((await urlsOf({ announce })).trackers, [[announce]]);
  const list = [["udp://a.example:1", "http://b.example/x"], ["https://c.example/"]];
  assertEquals((await urlsOf({ announce, "announce-list": list })).trackers, list);
  for (const empty of [[], [[]], [["ftp://x/"]], "x", 5]) {
    assertEquals((await urlsOf({ announce, "announce-list": empty })).trackers, [[announce]]);
  }
});

Deno.test("entries that are no tracker's URL are dropped, repeated ones kept once", async () => {
  const list: Encodable = [
    ["http://a.example/", "http://a.example/", 5, ["x"], "", "wss://w.example/", "javascript:1"],
    ["http://a.example/"],
    "http://bare.example/",
    ["udp://no-port.example/announce", "udp://p.example:80/announce", "http://", "not a url"],
    ["http://x.example/\nHost: y", " https://trimmed.example/k "],
    [`http://long.example/${"x".repeat(3000)}`, new Uint8Array([0x68, 0xff])],
  ];
  assertEquals((await urlsOf({ "announce-list": list })).trackers, [
    ["http://a.example/"],
    ["http://bare.example/"],
    ["udp://p.example:80/announce"],
    ["https://trimmed.example/k"],
  ]);
});

Deno.test("at most 100 trackers are kept", async () => {
  const list = Array.from({ length: 60 }, (_, i) => [`http://a/${i}`, `http://b/${i}`]);
  const { trackers } = await urlsOf({ "announce-list": list });
  assertEquals(trackers.flat(), list.flat().slice(0, 100));
});

Deno.test("url-list is a string or a list, of http and https", async () => {
  assertEquals((await urlsOf({ "url-list": "http://s.example/f" })).webseeds, [
    "http://s.example/f",
  ]);
  const list = [
    "https://a.example/",
    "udp://b.example:1",
    "ftp://c.example/",
    1,
    "https://a.example/",
  ];
  assertEquals((await urlsOf({ "url-list": list })).webseeds, ["https://a.example/"]);
  assertEquals((await urlsOf({ "url-list": "" })).webseeds, []);
});
