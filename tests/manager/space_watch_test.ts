import { assertEquals } from "@std/assert";
import { infoHash } from "../../src/base/mod.ts";
import { Entry } from "../../src/manager/entry.ts";
import { newRecord } from "../../src/manager/record.ts";
import { promised, SpaceWatch } from "../../src/manager/space_watch.ts";
import type { EngineEvent } from "../../src/session/mod.ts";

const FULL = { reason: "disk-full", message: "full", path: null, missing: 5 } as const;

/** A watch over a disk whose room the test sets. */
class Disk {
  readonly entries: Entry[] = [];
  readonly events: EngineEvent[] = [];
  free = 1000;
  reserve = 100;
  looks = 0;
  now = 0;
  readonly watch = new SpaceWatch({
    entries: () => this.entries,
    settings: () => ({ reserve: this.reserve }),
    disk: () => ({
      space: () => {
        this.looks++;
        return Promise.resolve({ free: this.free, total: 10_000 });
      },
    }),
    emit: (event) => this.events.push(event),
  });

  /** A download of which `left` bytes are missing. */
  add(left: number, full: boolean): Entry {
    const number = this.entries.length;
    const entry = new Entry(number, infoHash(new Uint8Array(20)), `${number}`, {
      ...newRecord("a", 0),
      position: number,
      goal: "run",
      wanted: left,
      trouble: full ? FULL : null,
    });
    entry.run = full ? "out" : "in";
    this.entries.push(entry);
    return entry;
  }

  /** Time passes, a second at a time; what was let go on runs. */
  async pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.now += 1000;
      this.watch.look(this.now);
      await Promise.resolve().then(() => {}).then(() => {}).then(() => {});
    }
  }

  get held(): boolean[] {
    return this.entries.map(({ record }) => record.trouble !== null);
  }
}

Deno.test("those that a full disk held up go on once they fit, one after another", async () => {
  const disk = new Disk();
  for (const left of [600, 300, 200]) disk.add(left, true);
  disk.add(50, false);
  await disk.pass(1);
  // 900 are to be had, 50 are promised
  assertEquals(disk.held, [false, true, false, false]);
});

Deno.test("one that fits and fails again is tried later and later", async () => {
  const disk = new Disk();
  const entry = disk.add(10, true);
  const tries: number[] = [];
  for (let second = 0; second < 300; second++) {
    await disk.pass(1);
    if (entry.record.trouble !== null) continue;
    tries.push(second);
    entry.set({ trouble: FULL });
  }
  assertEquals(tries.map((at, i) => i === 0 ? 0 : at - tries[i - 1]!), [0, 15, 30, 60, 120]);
  // room that somebody made is worth a try at once
  disk.watch.hurry();
  await disk.pass(1);
  assertEquals(entry.record.trouble, null);
});

Deno.test("downloads pause while less is free than the reserve, others do not", async () => {
  const disk = new Disk();
  disk.add(10, false);
  const seed = disk.add(0, false);
  seed.set({ complete: true });
  disk.free = 99;
  await disk.pass(1);
  assertEquals(disk.held, [true, false]);
  const [event] = disk.events;
  assertEquals([event?.type, event?.type === "error" && event.missing], ["error", 1]);
  disk.entries[0]!.run = "out";
  await disk.pass(60);
  assertEquals(disk.events.length, 1);
  // there must be room for all of it, so that it does not flutter
  disk.free = 109;
  await disk.pass(60);
  assertEquals(disk.held, [true, false]);
  disk.free = 110;
  await disk.pass(60);
  assertEquals(disk.held, [false, false]);
});

Deno.test("a disk is not asked while nothing needs room", async () => {
  const disk = new Disk();
  disk.add(0, false).set({ complete: true });
  await disk.pass(100);
  assertEquals(disk.looks, 0);
});

Deno.test("what is promised to others counts those that run, and of those that start the ones before", () => {
  const disk = new Disk();
  const [first, second, third] = [1, 10, 100].map((left) => disk.add(left, false));
  assertEquals(promised(disk.entries, null), 111);
  assertEquals(promised(disk.entries, second!), 101);
  first!.run = third!.run = "starting";
  assertEquals(promised(disk.entries, second!), 1);
  assertEquals(promised(disk.entries, first!), 10);
});
