import { assert, assertEquals } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import type { Encodable } from "../../src/bencode/mod.ts";
import { type NameRules, parseMetainfo } from "../../src/metainfo/mod.ts";
import { assertSafePaths } from "./safe.ts";
import { fileEntry, folderInfo, torrent } from "./torrents.ts";

/** The paths on disk, below the torrent's folder, of files with these paths in the torrent. */
async function pathsOf(paths: readonly (readonly Encodable[])[], rules?: NameRules) {
  const info = folderInfo(paths.map((path) => fileEntry(path, 1)));
  const { files } = await parseMetainfo(torrent(info), rules);
  assertSafePaths(files, rules?.portable ?? true);
  return files.map((file) => file.path.slice(1).join("/"));
}

Deno.test("paths that climb stay below the torrent's folder", async () => {
  assertEquals(await pathsOf([["..", "x"], ["", "etc", "x"], ["a", "..", "..", "x"], ["/etc/y"]]), [
    "__/x",
    "_/etc/x",
    "a/__/__/x",
    "_etc_y",
  ]);
});

Deno.test("a torrent named after the state folder, or to climb, gets another name", async () => {
  for (const [name, safe] of [[".tm", "_.tm"], ["..", "__"], ["../../x", ".._.._x"]] as const) {
    const info = folderInfo([fileEntry(["state.db"], 1)], { name });
    const metainfo = await parseMetainfo(torrent(info));
    assertEquals([metainfo.name, metainfo.files[0]!.path], [safe, [safe, "state.db"]]);
  }
});

Deno.test("names that meet once they are safe are numbered", async () => {
  assertEquals(await pathsOf([["a?.txt"], ["a*.txt"], ["a_.txt"], ["a_~2.txt"]]), [
    "a_.txt",
    "a_~2.txt",
    "a_~3.txt",
    "a_~2~2.txt",
  ]);
});

Deno.test("a folder keeps its safe name for all its files, and another folder gets another", async () => {
  assertEquals(await pathsOf([["d?", "a"], ["d*", "a"], ["d?", "b"], ["d*", "c", "d"]]), [
    "d_/a",
    "d_~2/a",
    "d_/b",
    "d_~2/c/d",
  ]);
});

Deno.test("names that differ in case or composition alone are told apart where systems would not", async () => {
  const paths = [["README"], ["readme"], ["é"], ["e\u0301"], ["Straße"], ["STRASSE"]];
  assertEquals(await pathsOf(paths), [
    "README",
    "readme~2",
    "é",
    "e\u0301~2",
    "Straße",
    "STRASSE~2",
  ]);
  assertEquals(await pathsOf(paths, { portable: false }), paths.flat());
});

Deno.test("names that are not UTF-8 and look the same stay apart", async () => {
  const raw = [[new Uint8Array([0xff])], [new Uint8Array([0xfe])]];
  assertEquals(await pathsOf(raw), ["\ufffd", "\ufffd~2"]);
});

Deno.test("long names stay apart when they are cut, and when they must be numbered too", async () => {
  const long = "x".repeat(251);
  const paths = await pathsOf([[`${long}?.mp3`], [`${long}*.mp3`], [`${long}A.a`], [`${long}a.a`]]);
  assertEquals(new Set(paths).size, 4);
});

Deno.test("the deepest path of the longest names still fits", async () => {
  const deep = Array.from({ length: 63 }, (_, i) => `${i}`.repeat(150));
  const [path] = await pathsOf([deep, [...deep.slice(0, 62), "other"]]);
  assert(utf8(path!).length <= 3584);
  assertEquals(path!.split("/").length, 63);
});

Deno.test("a torrent full of names that clash is numbered in one pass", async () => {
  const paths = Array.from(
    { length: 4_000 },
    (_, i) => [new Uint8Array([0x80 + (i % 64), 0x80 + (i >> 6 & 63), 0x80 + (i >> 12)])],
  );
  const names = await pathsOf(paths);
  assertEquals(names[3_999], "\ufffd\ufffd\ufffd~4000");
});
