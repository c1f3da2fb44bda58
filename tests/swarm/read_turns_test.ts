import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { ReadLane, ReadTurns, type TorrentReads } from "../../src/swarm/mod.ts";

/** Turns on a clock that the test moves; 100 bytes may wait for the disk, links go on below 50. */
class Bench {
  now = millis(1_000);
  readonly turns: ReadTurns;
  /** Who went on, with how much. */
  readonly went: (readonly [lane: string, bytes: number])[] = [];
  /** How often somebody began to wait. */
  waits = 0;

  constructor(rate: number) {
    this.turns = new ReadTurns(rate, 100, 50, this.now, () => this.waits++);
  }

  torrent(rate = 0): TorrentReads {
    return this.turns.torrent(rate, this.now);
  }

  lane(home: TorrentReads, name = ""): ReadLane {
    const lane = new ReadLane(home);
    lane.go = (bytes) => this.went.push([name, bytes]);
    return lane;
  }

  /** Time passes, with every round that is due. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const at = this.turns.nextRound(this.now);
      if (at > end) break;
      this.now = millis(Math.max(this.now, at));
      this.turns.round(this.now);
    }
    this.now = millis(end);
  }
}

Deno.test("without a limit anything may be read, unasked", () => {
  const bench = new Bench(0);
  const reads = bench.torrent();
  assert(reads.free);
  assertEquals(reads.ask(bench.lane(reads), bench.now), Infinity);
  assert(!bench.torrent(1).free);
});

Deno.test("reading stops above the upper watermark and goes on below the lower one", () => {
  const bench = new Bench(0);
  const reads = bench.torrent();
  reads.pending(100);
  assert(reads.free);
  reads.pending(1);
  assertEquals(reads.ask(bench.lane(reads), bench.now), 0);
  assert(reads.holding);
  bench.pass(10_000);
  reads.pending(-50);
  assertEquals(bench.went, []);
  reads.pending(-1);
  assertEquals(bench.went, [["", Infinity]]);
  assert(reads.free && !reads.holding);
});

Deno.test("on the way to the disk a torrent has its part while others write, and all of it alone", () => {
  const bench = new Bench(0);
  const [greedy, modest] = [bench.torrent(), bench.torrent()];
  greedy.pending(90);
  assert(greedy.free);
  modest.pending(5);
  greedy.pending(1);
  assertEquals([greedy.free, modest.free], [false, true]);
  greedy.pending(-70);
  assertEquals([greedy.free, modest.free], [true, true]);
  modest.pending(-5);
  greedy.pending(70);
  assert(greedy.free);
});

Deno.test("what is on its way to the disk of all torrents is bounded", () => {
  const bench = new Bench(0);
  const torrents = Array.from({ length: 10 }, () => bench.torrent());
  for (const reads of torrents) reads.pending(11);
  assert(torrents.every((reads) => !reads.free));
  for (const reads of torrents) reads.pending(-11);
  assert(torrents.every((reads) => reads.free));
});

Deno.test("links of a torrent go on one after another, as far as the limit goes", () => {
  const bench = new Bench(25_000);
  const reads = bench.torrent();
  const lanes = ["a", "b", "c"].map((name) => bench.lane(reads, name));
  for (const lane of lanes) assertEquals(reads.ask(lane, bench.now), 0);
  assertEquals(bench.waits, 1);
  bench.pass(200);
  for (const [i, [name, bytes]] of bench.went.entries()) {
    assertEquals(name, "abc"[i]);
    assertLessOrEqual(bytes, 5_000);
  }
  assertEquals(bench.went.length, 3);
  assert(!reads.holding);
});

Deno.test("what was lent and not read is given back", () => {
  const bench = new Bench(100_000);
  const reads = bench.torrent();
  const [lane, other] = [bench.lane(reads, "a"), bench.lane(reads, "b")];
  reads.ask(lane, bench.now);
  bench.pass(0);
  const [, lent] = bench.went[0]!;
  reads.ask(other, bench.now);
  reads.done(lane, 10, bench.now);
  // no round was needed for it
  assertEquals(bench.went[1], ["b", lent - 10]);
});

Deno.test("a link whose peer sends nothing does not keep what it was lent", () => {
  const bench = new Bench(100_000);
  const reads = bench.torrent();
  const silent = Array.from({ length: 50 }, () => bench.lane(reads));
  for (const lane of silent) {
    if (reads.ask(lane, bench.now) === 0) bench.pass(100);
  }
  const busy = bench.lane(reads, "busy");
  let read = 0;
  busy.go = (bytes) => {
    for (let left = bytes; left > 0; left = reads.ask(busy, bench.now)) {
      read += left;
      reads.done(busy, left, bench.now);
    }
  };
  bench.pass(2_000);
  busy.go(reads.ask(busy, bench.now));
  bench.pass(10_000);
  assert(read > 950_000 && read < 1_050_000, `Expected 100 KB/s, got ${read / 10}`);
});

Deno.test("a link that has ended waits no more", () => {
  const bench = new Bench(1_000);
  const reads = bench.torrent();
  const lanes = ["a", "b"].map((name) => bench.lane(reads, name));
  for (const lane of lanes) reads.ask(lane, bench.now);
  reads.forget(lanes[0]!);
  bench.pass(60_000);
  assertEquals(bench.went.map(([name]) => name), ["b"]);
});

Deno.test("a torrent that ends lets its links go and leaves its part to the others", () => {
  const bench = new Bench(1_000);
  const [gone, other] = [bench.torrent(), bench.torrent()];
  gone.ask(bench.lane(gone, "gone"), bench.now);
  gone.leave();
  assertEquals(bench.went, [["gone", Infinity]]);
  other.ask(bench.lane(other, "other"), bench.now);
  bench.pass(60_000);
  assertEquals(bench.went.length, 2);
});

Deno.test("limits that are lifted let everybody go", () => {
  const bench = new Bench(1);
  const reads = bench.torrent(1);
  for (let i = 0; i < 3; i++) reads.ask(bench.lane(reads), bench.now);
  bench.pass(0);
  const before = bench.went.length;
  bench.turns.setRate(0, bench.now);
  reads.setRate(0, bench.now);
  assertEquals(bench.went.slice(before), Array(3 - before).fill(["", Infinity]));
  assert(reads.free);
});
