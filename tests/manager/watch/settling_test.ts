import { assertEquals } from "@std/assert";
import {
  AGAIN_MS,
  DOUBT_MS,
  EMPTY_MS,
  SETTLE_MS,
  Settling,
} from "../../../src/manager/watch/settling.ts";

const file = (size = 10, mtimeMs: number | null = 1000, path = "a.torrent") => ({
  path,
  size,
  mtimeMs,
});
const paths = (settled: ReturnType<Settling["see"]>) => settled.map(({ file }) => file.path);

Deno.test("settling: a file rests when it was seen unchanged for three seconds, and not before", () => {
  const settling = new Settling();
  assertEquals(settling.waiting, false);
  assertEquals(settling.see([file()], 0), []);
  assertEquals(settling.waiting, true);
  assertEquals(settling.see([file()], SETTLE_MS - 1), []);
  assertEquals(settling.see([file()], SETTLE_MS), [{ file: file(), last: false }]);
});

Deno.test("settling: growing, or written again at the same size, it begins anew", () => {
  const settling = new Settling();
  settling.see([file(10)], 0);
  assertEquals(settling.see([file(20)], SETTLE_MS), []);
  assertEquals(settling.see([file(20, 2000)], 2 * SETTLE_MS), []);
  assertEquals(settling.see([file(20, 2000)], 3 * SETTLE_MS - 1), []);
  assertEquals(paths(settling.see([file(20, 2000)], 3 * SETTLE_MS)), ["a.torrent"]);
});

Deno.test("settling: one that went and came back begins anew", () => {
  const settling = new Settling();
  settling.see([file()], 0);
  assertEquals(settling.see([], 1), []);
  assertEquals(settling.waiting, false);
  assertEquals(settling.see([file()], SETTLE_MS), []);
});

Deno.test("settling: an empty file has a minute, and is judged at once then", () => {
  const settling = new Settling();
  settling.see([file(0)], 0);
  assertEquals(settling.see([file(0)], EMPTY_MS - 1), []);
  assertEquals(settling.see([file(0)], EMPTY_MS), [{ file: file(0), last: true }]);
});

Deno.test("settling: in doubt it is settled once more, later, unless it changes", () => {
  const settling = new Settling();
  settling.see([file()], 0);
  settling.see([file()], SETTLE_MS);
  settling.doubt("a.torrent");
  assertEquals(settling.see([file()], DOUBT_MS - 1), []);
  assertEquals(settling.see([file()], DOUBT_MS), [{ file: file(), last: true }]);
  settling.doubt("a.torrent");
  settling.see([file(20)], DOUBT_MS);
  assertEquals(settling.see([file(20)], DOUBT_MS + SETTLE_MS), [{ file: file(20), last: false }]);
});

Deno.test("settling: postponed it comes again, left alone only once it has changed", () => {
  const settling = new Settling();
  settling.see([file()], 0);
  settling.postpone("a.torrent", SETTLE_MS);
  assertEquals(settling.see([file()], SETTLE_MS + AGAIN_MS - 1), []);
  assertEquals(paths(settling.see([file()], SETTLE_MS + AGAIN_MS)), ["a.torrent"]);
  settling.leave("a.torrent");
  assertEquals(settling.see([file()], 1e9), []);
  assertEquals(settling.waiting, false);
  settling.see([file(11)], 1e9);
  assertEquals(settling.waiting, true);
  assertEquals(paths(settling.see([file(11)], 1e9 + SETTLE_MS)), ["a.torrent"]);
});

Deno.test("settling: files are told apart, and come in the order given", () => {
  const settling = new Settling();
  const [a, b] = [file(10, null, "a.torrent"), file(10, null, "b.torrent")];
  settling.see([b], 0);
  assertEquals(paths(settling.see([a, b], SETTLE_MS)), ["b.torrent"]);
  settling.leave("b.torrent");
  assertEquals(paths(settling.see([a, b], 2 * SETTLE_MS)), ["a.torrent"]);
});
