import { assertEquals, assertThrows } from "@std/assert";
import { StorageError } from "../../src/base/mod.ts";
import { lockTorrent } from "../../src/storage/mod.ts";
import { TempFolder } from "./bench.ts";

const HASH = "a".repeat(40);

Deno.test("a torrent is locked once in a folder, others and other folders are free", () => {
  using temp = new TempFolder();
  using elsewhere = new TempFolder();
  using _first = lockTorrent(temp.path, HASH);
  const error = assertThrows(() => lockTorrent(temp.path, HASH), StorageError);
  assertEquals((error as StorageError).reason, "locked");
  using _other = lockTorrent(temp.path, "b".repeat(40));
  using _there = lockTorrent(elsewhere.path, HASH);
  assertThrows(() => lockTorrent(temp.path, HASH), StorageError, "Another tm");
});

Deno.test("a released torrent can be locked again", () => {
  using temp = new TempFolder();
  for (let i = 0; i < 3; i++) {
    const lock = lockTorrent(temp.path, HASH);
    lock.release();
    lock.release();
  }
});

Deno.test("a lock is refused for what is no hash, and for a link in its place", () => {
  using temp = new TempFolder();
  using outside = new TempFolder();
  assertThrows(() => lockTorrent(temp.path, "../x"), RangeError);
  lockTorrent(temp.path, "b".repeat(40)).release();
  Deno.symlinkSync(`${outside.path}/x`, `${temp.path}/.tm/${HASH}.lock`);
  assertThrows(() => lockTorrent(temp.path, HASH), StorageError, "link");
  assertEquals([...Deno.readDirSync(outside.path)], []);
});
