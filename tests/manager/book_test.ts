import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Bytes, infoHash, SeededRandom, UsageError } from "../../src/base/mod.ts";
import { Book } from "../../src/manager/book.ts";
import { newRecord, parseRecord } from "../../src/manager/record.ts";
import { census, Statistics } from "../../src/manager/statistics.ts";
import type { ManagedRow, ManagerState } from "../../src/storage/mod.ts";

/** What a book keeps itself in, in memory. */
class Shelf {
  lost = false;
  full = false;
  readonly rows = new Map<string, ManagedRow>();
  readonly keys = new Map<string, string>();

  load(): ManagedRow[] {
    return [...this.rows.values()].sort((a, b) => a.number - b.number);
  }

  save(rows: readonly ManagedRow[]): boolean {
    if (this.full) return false;
    for (const row of rows) this.rows.set(row.infoHash.join(), row);
    return true;
  }

  remove(hash: Bytes): void {
    this.rows.delete(hash.join());
  }

  get(key: string): string | null {
    return this.keys.get(key) ?? null;
  }

  set(key: string, value: string): void {
    this.keys.set(key, value);
  }

  open(warn: (message: string) => void = (message) => assert(false, message)): Book {
    return new Book(this as unknown as ManagerState, warn);
  }
}

const hash = (byte: number) => infoHash(new Uint8Array(20).fill(byte) as Bytes);

function filled(shelf: Shelf, names: string): Book {
  const book = shelf.open();
  [...names].forEach((name, i) => book.add(hash(i), newRecord(name, 0)));
  return book;
}

const order = (book: Book) => book.queued().map(({ record }) => record.name).join("");
const places = (book: Book) => book.queued().map(({ place }) => place);
const named = (book: Book, names: string) =>
  [...names].map((name) => book.all().find(({ record }) => record.name === name)!);

Deno.test("places in the queue: up, down, top, bottom, a number; who moves keeps the order", () => {
  const cases: [string, "top" | "up" | "down" | "bottom" | number, string][] = [
    ["C", "top", "CABDE"],
    ["DB", "top", "BDACE"],
    ["B", "bottom", "ACDEB"],
    ["BC", "up", "BCADE"],
    ["AC", "up", "ACBDE"],
    ["AB", "up", "ABCDE"],
    ["BC", "down", "ADBCE"],
    ["CE", "down", "ABDCE"],
    ["A", 2, "BCADE"],
    ["EA", 1, "BAECD"],
    ["A", 99, "BCDEA"],
    ["", "top", "ABCDE"],
  ];
  for (const [names, to, expected] of cases) {
    const book = filled(new Shelf(), "ABCDE");
    book.move(named(book, names), to, 0);
    assertEquals(order(book), expected, `${names} ${to}`);
    assertEquals(places(book), [0, 1, 2, 3, 4]);
  }
});

Deno.test("numbers are never used again, also by the next run, also of the last one removed", () => {
  const shelf = new Shelf();
  const book = filled(shelf, "ABC");
  book.save();
  assertEquals(book.all().map(({ id }) => id), [1, 2, 3]);
  book.remove(book.one(3), 0);
  const next = shelf.open();
  assertEquals(order(next), "AB");
  assertEquals(next.add(hash(9), newRecord("N", 0)).id, 4);
});

Deno.test("one that goes leaves no gap, and is remembered for a minute", () => {
  const book = filled(new Shelf(), "ABCD");
  book.remove(book.one(2), 1000);
  assertEquals([order(book), places(book)], ["ACD", [0, 1, 2]]);
  assertEquals([book.goneSince(1000).map(({ id }) => id), book.goneSince(1001)], [[2], []]);
  book.remove(book.one(1), 100_000);
  assertEquals(book.goneSince(0).map(({ id }) => id), [1]);
});

Deno.test("the others need not be kept anew when one goes, or where it was when some move", () => {
  const shelf = new Shelf();
  const book = filled(shelf, "ABCDEF");
  book.save();
  const kept = (change: () => void) => {
    shelf.rows.clear();
    change();
    book.save();
    return shelf.load().map(({ number }) => number);
  };
  assertEquals(kept(() => book.remove(book.one(2), 0)), []);
  assertEquals(kept(() => book.move([book.one(5)], "up", 0)), [4, 5]);
  assertEquals(kept(() => book.move([book.one(1)], "top", 0)), []);
  assertEquals(kept(() => book.add(hash(9), newRecord("G", 0))), [7]);
  assertEquals([order(book), places(book)], ["ACEDFG", [0, 1, 2, 3, 4, 5]]);
});

Deno.test("the queue is in the order it was after any end, whatever came, went and moved", () => {
  const moves = ["top", "up", "down", "bottom", 2] as const;
  for (let seed = 1; seed <= 50; seed++) {
    const random = new SeededRandom(seed);
    const shelf = new Shelf();
    let book = filled(shelf, "ABCD");
    for (let step = 0, added = 4; step < 60; step++) {
      const all = book.all();
      const chosen = all.filter(() => random.below(3) === 0);
      const [first] = chosen;
      const kind = random.below(4);
      if (kind === 0) book.add(hash(added++), newRecord(String.fromCharCode(65 + added), 0));
      else if (kind === 1 && first !== undefined) book.remove(first, 0);
      else book.move(chosen, moves[random.below(moves.length)]!, 0);
      book.save();
      assertEquals(places(book), [...book.queued().keys()]);
      const next = shelf.open();
      assertEquals([order(next), places(next)], [order(book), places(book)], `${seed}, ${step}`);
      if (random.below(5) === 0) book = next;
    }
  }
});

Deno.test("torrents are found by number and by hash in any case, each once, unknown ones passed over", () => {
  const book = filled(new Shelf(), "ABC");
  const hex = "02".repeat(20);
  const found = book.pick([3, hex.toUpperCase(), hex, 99, "no"]);
  assertEquals(found.map(({ id }) => id), [3]);
  assertEquals(book.pick(null).length, 3);
  assertEquals(book.pick([]), []);
  assertThrows(() => book.one(99), UsageError, "99");
});

Deno.test("only what changed is saved; what could not be saved is saved the next time", () => {
  const shelf = new Shelf();
  const book = filled(shelf, "AB");
  book.save();
  shelf.rows.clear();
  book.one(1).set({ comment: "x" } as never);
  shelf.full = true;
  book.save();
  shelf.full = false;
  book.save();
  assertEquals(shelf.load().map(({ number }) => number), [1]);
  book.save();
  // lost on the way: everything once more
  shelf.rows.clear();
  shelf.keys.clear();
  shelf.lost = true;
  book.one(2).set({ goal: "run" });
  book.save();
  assertEquals(shelf.load().map(({ number }) => number), [1, 2]);
  assertEquals(shelf.get("next-number"), "3");
});

Deno.test("positions that were kept with gaps or twice are made whole in their order", () => {
  const shelf = new Shelf();
  const record = (name: string, position: number) =>
    JSON.stringify({ ...newRecord(name, 0), position });
  shelf.save([
    { infoHash: hash(1), number: 5, data: record("A", 7) },
    { infoHash: hash(2), number: 6, data: record("B", 7) },
    { infoHash: hash(3), number: 7, data: record("C", 2) },
  ]);
  const book = shelf.open();
  assertEquals([order(book), places(book)], ["CAB", [0, 1, 2]]);
});

Deno.test("a row that cannot be read is told and counted; the others are there", () => {
  const shelf = new Shelf();
  filled(shelf, "ABC").save();
  const [row] = shelf.load();
  shelf.save([{ ...row!, data: "{" }]);
  const told: string[] = [];
  const book = shelf.open((message) => told.push(message));
  assertEquals([order(book), book.damaged, told.length], ["BC", 1, 1]);
  assertEquals(book.add(hash(9), newRecord("N", 0)).id, 4);
});

Deno.test("records: what is missing gets its default, what is none is refused", () => {
  const fresh = newRecord("name", 5);
  assertEquals(parseRecord(JSON.stringify(fresh)), fresh);
  assertEquals(parseRecord('{"name":"name","addedAt":5}'), fresh);
  const bad = ["", "null", "[]", "5", "{}", '{"name":5}', '{"name":"a","magnet":"http://x"}'];
  for (const text of [...bad, '{"name":"a","settings":{"labels":5}}']) {
    assertEquals(parseRecord(text), null, text);
  }
  const kept = { ...fresh, settings: { ...fresh.settings, labels: ["x"], retired: 1 } };
  const settings = parseRecord(JSON.stringify(kept))?.settings;
  assertEquals(settings, { ...fresh.settings, labels: ["x"] });
});

Deno.test("statistics of this run and of all runs; what was kept wrong counts as nothing", () => {
  const shelf = new Shelf();
  const state = shelf as unknown as ManagerState;
  const first = new Statistics(state);
  first.add({ downloaded: 5, active: 1.5 });
  first.add({ uploaded: 7, filesAdded: 1, active: 1 });
  const once = { downloaded: 5, uploaded: 7, filesAdded: 1, sessions: 1, active: 2 };
  assertEquals([first.current, first.total], [once, once]);
  first.save();
  const second = new Statistics(state);
  second.add({ downloaded: 1 });
  assertEquals(second.total, { ...once, downloaded: 6, sessions: 2 });
  for (const text of ["", "{", "[]", "null", '{"downloaded":"x","uploaded":-1}']) {
    shelf.set("statistics", text);
    const { total } = new Statistics(state);
    assertEquals([total.downloaded, total.uploaded, total.sessions], [0, 0, 1], text);
  }
});

Deno.test("a census counts torrents by what they do", () => {
  const book = filled(new Shelf(), "ABC");
  book.one(1).set({ goal: "run" });
  book.one(2).set({ goal: "run", complete: true });
  const { torrents, paused, active, activities } = census(book.all());
  assertEquals([torrents, paused, active], [3, 1, 0]);
  assertEquals([activities["download-wait"], activities["seed-wait"]], [1, 1]);
});
