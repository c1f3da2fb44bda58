import { assertEquals } from "@std/assert";
import type { Encodable } from "../../src/bencode/mod.ts";
import { FileUrls, parseMetainfo } from "../../src/metainfo/mod.ts";
import { fileEntry, folderInfo, singleInfo, torrent } from "./torrents.ts";

async function urls(info: Encodable) {
  return new FileUrls(await parseMetainfo(torrent(info), { portable: true }));
}

Deno.test("a single file is the webseed itself, or lies below it (BEP 19)", async () => {
  const one = await urls(singleInfo({ name: "a b.iso" }));
  assertEquals(one.of("http://w.example/other.iso", 0), "http://w.example/other.iso");
  assertEquals(one.of("http://w.example/x/", 0), "http://w.example/x/a%20b.iso");
});

Deno.test("files of a folder lie below its name, whether the webseed ends in a slash or not", async () => {
  const folder = await urls(folderInfo([
    fileEntry(["empty"], 0),
    fileEntry(["d e", "100%#&.txt"], 5),
    fileEntry([".pad", "5"], 5, { attr: "p" }),
    fileEntry(["zwölf (12)!'"], 5),
  ], { name: "top" }));
  for (const base of ["http://w.example/x", "http://w.example/x/"]) {
    assertEquals([1, 3].map((file) => folder.of(base, file)), [
      "http://w.example/x/top/d%20e/100%25%23%26.txt",
      "http://w.example/x/top/zw%C3%B6lf%20%2812%29%21%27",
    ]);
  }
});

Deno.test("a name that is not safe on disk is asked for as the torrent has it", async () => {
  const files = [fileEntry(["aux.txt", "a:b?*"], 5), fileEntry(["same"], 5)];
  const folder = await urls(folderInfo(files, { name: "CON" }));
  assertEquals(folder.of("http://w/", 0), "http://w/CON/aux.txt/a%3Ab%3F%2A");
  assertEquals(folder.of("http://w/", 1), "http://w/CON/same");
});
