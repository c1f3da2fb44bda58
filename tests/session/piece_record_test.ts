import { assert, assertEquals, assertRejects } from "@std/assert";
import { Bitfield, type PieceIndex } from "../../src/base/mod.ts";
import { PieceRecord, type RecordKeeper } from "../../src/session/piece_record.ts";

const piece = (index: number) => index as PieceIndex;

/** Keeps what is saved, and syncs when told to. */
class Keeper implements RecordKeeper {
  good: number[] = [];
  intent: number[] = [];
  saves = 0;
  syncs = 0;
  #pending: PromiseWithResolvers<void>[] = [];

  saveIntent(intent: Bitfield): void {
    this.saves++;
    this.intent = [...intent];
  }

  saveGood(good: Bitfield, intent: Bitfield): void {
    this.saves++;
    this.good = [...good];
    this.intent = [...intent];
  }

  sync(): Promise<void> {
    this.syncs++;
    const pending = Promise.withResolvers<void>();
    this.#pending.push(pending);
    return pending.promise;
  }

  async synced(error?: Error): Promise<void> {
    await turns();
    const pending = this.#pending.shift()!;
    if (error === undefined) pending.resolve();
    else pending.reject(error);
    await turns();
  }
}

const none = () => {};

/** Lets promises that are settled go on. */
async function turns(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

Deno.test("what is good at the start is saved at once", () => {
  const keeper = new Keeper();
  const good = new Bitfield(10);
  good.add(3);
  new PieceRecord(good, keeper);
  assertEquals([keeper.good, keeper.intent], [[3], [3]]);
});

Deno.test("the intent is saved before a piece is written, those begun with it", () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  record.beforeWrite(piece(5), [7, 8]);
  assertEquals([keeper.good, keeper.intent], [[], [5, 7, 8]]);
  const { saves } = keeper;
  record.beforeWrite(piece(7), [1, 2]);
  assertEquals(keeper.saves, saves, "Expected one save to cover many pieces");
  record.beforeWrite(piece(1), []);
  assertEquals(keeper.intent, [1, 5, 7, 8]);
});

Deno.test("a written piece is good only after a sync", async () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  record.beforeWrite(piece(5), []);
  record.written(piece(5), 100, 0);
  record.tick(1_999, none);
  assertEquals([keeper.syncs, keeper.good], [0, []]);
  record.tick(2_000, none);
  assertEquals([keeper.syncs, keeper.good], [1, []]);
  await keeper.synced();
  assertEquals([keeper.good, keeper.intent], [[5], [5]]);
});

Deno.test("many bytes are synced before their time", () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  record.written(piece(1), 256 * 1024 * 1024, 0);
  record.tick(0, none);
  assertEquals(keeper.syncs, 1);
});

Deno.test("what is written during a sync waits for the next", async () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  record.written(piece(1), 1, 0);
  record.tick(2_000, none);
  record.written(piece(2), 1, 2_001);
  record.tick(9_000, none);
  assertEquals(keeper.syncs, 1);
  await keeper.synced();
  assertEquals(keeper.good, [1]);
  record.tick(9_001, none);
  await keeper.synced();
  assertEquals(keeper.good, [1, 2]);
});

Deno.test("a sync that fails records nothing, is told, and is tried again", async () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  const told: unknown[] = [];
  const error = new Error("EIO");
  record.written(piece(1), 1, 0);
  record.tick(2_000, (it) => told.push(it));
  await keeper.synced(error);
  assertEquals([told, keeper.good], [[error], []]);
  record.tick(4_000, (it) => told.push(it));
  assertEquals(keeper.syncs, 2);
  await keeper.synced();
  assertEquals(keeper.good, [1]);
});

Deno.test("a flush waits for the sync under way, then syncs the rest", async () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  record.written(piece(1), 1, 0);
  record.tick(2_000, none);
  record.written(piece(2), 1, 2_001);
  const flushed = record.flush();
  assertEquals(keeper.syncs, 1);
  await keeper.synced();
  assertEquals(keeper.syncs, 2);
  await keeper.synced();
  await flushed;
  assertEquals(keeper.good, [1, 2]);
});

Deno.test("a flush that fails says so", async () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  record.written(piece(1), 1, 0);
  const flushed = assertRejects(() => record.flush(), Error, "EIO");
  await keeper.synced(new Error("EIO"));
  await flushed;
  assertEquals(keeper.good, []);
});

Deno.test("after a clean stop pieces that were only begun are forgotten", async () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  record.beforeWrite(piece(1), [4, 5]);
  record.written(piece(1), 1, 0);
  const flushed = record.flush();
  await keeper.synced();
  await flushed;
  record.settle();
  assertEquals([keeper.good, keeper.intent], [[1], [1]]);
});

Deno.test("a piece whose write failed stays to be checked after a clean stop, as some of it may be on disk", () => {
  const keeper = new Keeper();
  const record = new PieceRecord(new Bitfield(10), keeper);
  record.beforeWrite(piece(1), [4]);
  record.settle();
  assertEquals([keeper.good, keeper.intent], [[], [1]]);
  // nor is it forgotten by a run that does not come to it
  const intent = new Bitfield(10);
  intent.add(1);
  const next = new PieceRecord(new Bitfield(10), keeper, intent);
  next.settle();
  assertEquals([keeper.good, keeper.intent], [[], [1]]);
});

Deno.test("pieces that are written and not synced stay to be checked, also while a sync runs", async () => {
  for (const flushing of [false, true]) {
    const keeper = new Keeper();
    const record = new PieceRecord(new Bitfield(10), keeper);
    record.beforeWrite(piece(1), []);
    record.written(piece(1), 1, 0);
    const flushed = flushing ? record.flush() : null;
    await turns();
    // the deadline passed before the sync did
    record.settle();
    assert(keeper.intent.includes(1), `flushing ${flushing}`);
    if (flushed === null) continue;
    await keeper.synced();
    await flushed;
    assertEquals(keeper.good, [1]);
  }
});
