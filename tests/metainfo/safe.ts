import { assert, assertEquals } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import type { TorrentFile } from "../../src/metainfo/mod.ts";

// deno-lint-ignore no-control-regex -- what must not be in a name
const UNSAFE = /[\x00-\x1f\x7f-\x9f/\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Fails unless `name` can be created in a folder, and nowhere else, on every common file system. */
export function assertSafeName(name: string, portable: boolean, limit = 255): void {
  const shown = JSON.stringify(name);
  assert(name.isWellFormed() && name !== "" && name !== "." && name !== "..", shown);
  assert(utf8(name).length <= limit, `${shown} takes ${utf8(name).length} bytes`);
  assert(
    !UNSAFE.test(name),
    shown,
  );
  assert(name.toLowerCase() !== ".tm", shown);
  if (!portable) return;
  assert(!/[<>:"|?*]/.test(name) && !/[. ]$/.test(name), shown);
  assert(!/^(con|prn|aux|nul|(com|lpt)\d) *(\.|$)/i.test(name), shown);
}

/** Fails unless all paths are safe, below `top`, apart from each other, and no file is a folder of another. */
export function assertSafePaths(files: readonly TorrentFile[], portable: boolean): void {
  const written = files.filter((file) => !file.pad).map((file) => file.path);
  const key = (path: readonly string[]) =>
    portable ? path.join("/").normalize("NFC").toLowerCase() : path.join("/");
  const paths = new Set(written.map(key));
  assertEquals(paths.size, written.length, "Expected every path once");
  for (const path of written) {
    for (const name of path) assertSafeName(name, portable);
    assert(utf8(path.join("/")).length < 4096);
    for (let i = 1; i < path.length; i++) assert(!paths.has(key(path.slice(0, i))), key(path));
  }
}
