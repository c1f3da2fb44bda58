import { assert, assertEquals, assertThrows } from "@std/assert";
import { turned } from "../../../scripts/bench/bench.ts";
import { cpuOfStat, peakOfStatus } from "../../../scripts/bench/cpu.ts";
import { piecesOf } from "../../../scripts/bench/kinds/create.ts";
import { payloadBytes, payloadFiles } from "../../../scripts/bench/payload.ts";
import { firstOf } from "../../../scripts/bench/waiting_peer.ts";

Deno.test("the order of the programs turns by one from round to round", () => {
  assertEquals(turned(["a", "b", "c"], 0), ["a", "b", "c"]);
  assertEquals(turned(["a", "b", "c"], 1), ["b", "c", "a"]);
  assertEquals(turned(["a", "b", "c"], 5), ["c", "a", "b"]);
  assertEquals(turned([], 1), []);
});

Deno.test("CPU time is read past a name that looks like fields", () => {
  const before = "12 (a) R 1) S 1 2 3 4 5 6 7 8 9 10";
  assertEquals(cpuOfStat(`${before} 150 50 0 0 20 0 9 0`), 2);
});

Deno.test("peak memory is read in bytes", () => {
  assertEquals(peakOfStatus("VmPeak:\t  9 kB\nVmHWM:\t   1234 kB\nVmRSS:\t 5 kB\n"), 1234 * 1024);
  assertThrows(() => peakOfStatus("VmRSS:\t 5 kB\n"), Error, "Expected a line VmHWM");
});

Deno.test("a payload of many files is the same each time and near its mean", () => {
  const payload = { kind: "files", count: 2000, meanBytes: 1000, seed: 7 } as const;
  const files = payloadFiles(payload);
  assertEquals(files, payloadFiles(payload));
  assertEquals(new Set(files.map((one) => one.path)).size, 2000);
  assert(Math.abs(payloadBytes(payload) / 2000 - 1000) < 50);
  assert(new Set(files.map((one) => one.size)).size > 500);
});

Deno.test("a request is found behind other messages once its id is there", () => {
  const keepAlive = [0, 0, 0, 0];
  const interested = [0, 0, 0, 1, 2];
  const request = [0, 0, 0, 13, 6, ...new Array(12).fill(0)];
  const found = (bytes: readonly number[]) => firstOf(new Uint8Array(bytes), 6);
  assertEquals(found([...keepAlive, ...interested, ...request]), true);
  assertEquals(found([...keepAlive, ...interested, ...request.slice(0, 4)]), false);
  // A bitfield whose payload holds a 6 is none.
  assertEquals(found([0, 0, 0, 3, 5, 6, 6, ...keepAlive, 0, 0]), false);
});

Deno.test("the hashes of a torrent are what its length says", () => {
  const torrent = new TextEncoder().encode("d4:infod4:name3:abc12:piece lengthi1e6:pieces3:xyzee");
  assertEquals(piecesOf(torrent), "xyz");
  assertThrows(() => piecesOf(new TextEncoder().encode("de")), Error, "Expected a torrent");
});
