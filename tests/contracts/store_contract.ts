import { assert, assertEquals, assertRejects } from "@std/assert";
import { Bitfield, type Bytes } from "../../src/base/mod.ts";
import { DiskError, type OpenOptions, type TorrentStore } from "../../src/storage/mod.ts";
import type { TorrentLayout } from "../../src/storage/mod.ts";
import { type Sample, type SampleFile, sampleTorrent } from "./sample_torrent.ts";

/** A store under test and a way round it to what it keeps. */
export interface Bench extends AsyncDisposable {
  readonly store: TorrentStore;
  /** Puts bytes where a file belongs, as another program would. */
  plant(file: number, bytes: Bytes): void;
  /** The bytes of a file, null when there is none. */
  stored(file: number): Bytes | null;
}

/** Makes a fresh, empty one. */
export type MakeBench = (layout: TorrentLayout, options: OpenOptions) => Promise<Bench>;

const PLAIN: OpenOptions = { overwrite: false, preallocate: false };
const PIECE = 64;
/** Pieces: 0 (a), 1 (a), 2 (a+b), 3 (b+empty+c), 4 (c+padding), 5 (d, short). */
const MIXED: readonly SampleFile[] = [
  ["t/a", 150],
  ["t/sub/b", 50],
  ["t/empty", 0],
  ["t/sub/deeper/c", 100],
  ["t/.pad/20", 20, "pad"],
  ["t/d", 30],
];

/** What every `TorrentStore` does, whatever is below it. */
export function storeContract(name: string, make: MakeBench): void {
  const test = (behaviour: string, run: (sample: Sample) => Promise<void>) =>
    Deno.test(`${name}: ${behaviour}`, async () => run(await sampleTorrent(MIXED, PIECE)));
  const fill = async (sample: Sample, store: TorrentStore) => {
    for (let i = 0; i < sample.layout.geometry.pieceCount; i++) {
      await store.write(i, sample.piece(i));
    }
  };
  const none = (sample: Sample) => new Bitfield(sample.layout.geometry.pieceCount);
  const reject = async (promise: Promise<unknown>, reason: string): Promise<DiskError> => {
    const error = await assertRejects(() => promise, DiskError);
    assertEquals(error.reason, reason);
    return error;
  };

  test("pieces over several files are read back in any part", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    await fill(sample, bench.store);
    for (let i = 0; i < sample.layout.geometry.pieceCount; i++) {
      const piece = sample.piece(i);
      assertEquals(await bench.store.read(i, 0, piece.length), piece);
      assertEquals(await bench.store.read(i, 7, 15), piece.slice(7, 22));
    }
    sample.layout.files.forEach((file, i) => {
      if (!file.pad && file.length > 0) assertEquals(bench.stored(i), sample.file(i));
    });
  });

  test("a write takes the memory and gives the same part of it back", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    const memory = new Uint8Array(200);
    const view = memory.subarray(40, 40 + PIECE);
    view.set(sample.piece(0));
    const writing = bench.store.write(0, view);
    assertEquals(view.length, 0);
    const back = await writing;
    assertEquals([back.byteOffset, back.length, back.buffer.byteLength], [40, PIECE, 200]);
    assertEquals(back, sample.piece(0));
  });

  test("a piece of the wrong size or number is refused and its memory returned", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    for (const [piece, length] of [[0, PIECE - 1], [5, PIECE], [6, PIECE], [-1, PIECE]] as const) {
      const error = await reject(bench.store.write(piece, new Uint8Array(length)), "other");
      assertEquals(error.buffer?.length, length);
    }
    assertEquals((await bench.store.inspect()).files.some((file) => file.exists), false);
  });

  test("reads reuse the memory they are given when it is large enough", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    await fill(sample, bench.store);
    const large = new ArrayBuffer(100);
    const first = await bench.store.read(1, 0, PIECE, large);
    assertEquals([large.detached, first.buffer.byteLength], [true, 100]);
    assertEquals(first, sample.piece(1));
    assertEquals(await bench.store.read(0, 0, PIECE, new ArrayBuffer(10)), sample.piece(0));
  });

  test("padding is never stored and reads as zeros", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    await fill(sample, bench.store);
    await bench.store.finish();
    assertEquals(bench.stored(4), null);
    const dirty = new Uint8Array(PIECE).fill(9).buffer;
    const piece = await bench.store.read(4, 0, PIECE, dirty);
    assertEquals(piece.slice(44), new Uint8Array(20));
  });

  test("nothing exists before the first write, then files have their full length", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    assertEquals((await bench.store.inspect()).files.map((file) => file.exists), [
      ...[false, false, false, false, false, false],
    ]);
    await bench.store.write(2, sample.piece(2));
    const { files } = await bench.store.inspect();
    assertEquals(files.map((file) => file.size), [150, 50, 0, 0, 0, 0]);
    assertEquals(files.map((file) => file.exists), [true, true, false, false, false, false]);
  });

  test("what was never written is missing to a read", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    await reject(bench.store.read(0, 0, 10), "missing");
    bench.plant(0, sample.file(0).slice(0, 40));
    assertEquals(await bench.store.read(0, 0, 40), sample.piece(0).slice(0, 40));
    await reject(bench.store.read(0, 0, 41), "missing");
    await reject(bench.store.read(0, 60, 10), "other");
  });

  test("a check finds the good pieces among damaged, short and missing files", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    const a = sample.file(0);
    a[70]! ^= 1;
    bench.plant(0, a);
    bench.plant(1, sample.file(1));
    bench.plant(3, sample.file(3).slice(0, 99));
    let last = 0;
    const told: number[] = [];
    const good = await bench.store.check("all", (checked, fine, bad) => {
      assert(checked > last);
      last = checked;
      told.push(...fine, ...bad);
      assert(bad.every((piece) => [1, 4, 5].includes(piece)));
    });
    assertEquals([...good], [0, 2, 3]);
    assertEquals(told.sort(), [0, 1, 2, 3, 4, 5]);
    assertEquals(last, sample.data.length);
  });

  test("a check of some pieces looks at no others", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    await fill(sample, bench.store);
    const wanted = none(sample);
    for (const piece of [1, 4, 5]) wanted.add(piece);
    const told: number[] = [];
    const good = await bench.store.check(wanted, (_, fine) => void told.push(...fine));
    assertEquals([...good], [1, 4, 5]);
    assertEquals(told.sort(), [1, 4, 5]);
  });

  test("an aborted check rejects with the signal's reason", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    const controller = new AbortController();
    const checking = bench.store.check("all", undefined, controller.signal);
    controller.abort(new Error("enough"));
    await assertRejects(() => checking, Error, "enough");
    await assertRejects(
      () => bench.store.check("all", undefined, controller.signal),
      Error,
      "enough",
    );
    await fill(sample, bench.store);
    assertEquals((await bench.store.check("all")).full, true);
  });

  test("finish makes the empty files and tells of incomplete ones", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    await bench.store.write(0, sample.piece(0));
    await reject(bench.store.finish(), "missing");
    await fill(sample, bench.store);
    await bench.store.sync();
    await bench.store.finish();
    assertEquals(bench.stored(2), new Uint8Array(0));
  });

  test("a file that is too long is refused, or cut when overwriting", async (sample) => {
    for (const overwrite of [false, true]) {
      await using bench = await make(sample.layout, { ...PLAIN, overwrite });
      bench.plant(0, new Uint8Array(151).fill(7));
      const writing = bench.store.write(0, sample.piece(0));
      if (overwrite) {
        await writing;
        assertEquals(bench.stored(0)?.length, 150);
      } else {
        const error = await reject(writing, "exists");
        assertEquals(error.buffer, sample.piece(0));
        assertEquals(bench.stored(0), new Uint8Array(151).fill(7));
      }
    }
  });

  test("preallocation gives every file its length with the first write", async (sample) => {
    await using bench = await make(sample.layout, { ...PLAIN, preallocate: true });
    bench.plant(3, sample.file(3).slice(0, 80));
    await bench.store.write(0, sample.piece(0));
    const { files } = await bench.store.inspect();
    assertEquals(files.map((file) => file.size), [150, 50, 0, 100, 0, 30]);
    assertEquals(bench.stored(3)?.slice(0, 80), sample.file(3).slice(0, 80));
    assertEquals(bench.stored(3)?.slice(80), new Uint8Array(20));
  });

  test("conflicts are files that hold something else", async (sample) => {
    const cases: [string, number, Bytes, boolean][] = [
      ["too long", 0, new Uint8Array(151), true],
      ["other content, a piece inside", 0, new Uint8Array(150).fill(3), true],
      ["other content, shorter", 0, new Uint8Array(3).fill(3), true],
      ["zeros", 0, new Uint8Array(150), false],
      ["empty", 0, new Uint8Array(0), false],
      ["no piece inside, another size", 1, sample.file(1).slice(0, 49), true],
      ["no piece inside, the same size", 1, new Uint8Array(50).fill(3), false],
      ["bytes where none belong", 2, new Uint8Array(1), true],
    ];
    for (const [name, file, bytes, conflict] of cases) {
      await using bench = await make(sample.layout, PLAIN);
      bench.plant(file, bytes);
      const found = await bench.store.conflicts(await bench.store.check("all"), none(sample));
      assertEquals(found.length, conflict ? 1 : 0, name);
      const end = sample.layout.files[file]!.path.join("/");
      if (conflict) assert(found[0]!.endsWith(end), name);
    }
  });

  test("a file with a good or a known piece is no conflict unless it is too long", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    const a = sample.file(0);
    a.fill(3, 64);
    bench.plant(0, a);
    bench.plant(5, new Uint8Array(30).fill(3));
    const good = await bench.store.check("all");
    assertEquals([...good], [0]);
    assertEquals((await bench.store.conflicts(good, none(sample))).length, 1);
    const known = none(sample);
    known.add(5);
    assertEquals(await bench.store.conflicts(good, known), []);
    bench.plant(5, new Uint8Array(31));
    assertEquals((await bench.store.conflicts(good, known)).length, 1);
  });

  test("the space that is needed is what no file holds yet", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    assertEquals((await bench.store.space()).needed, 330);
    bench.plant(0, sample.file(0));
    assertEquals((await bench.store.space()).needed, 180);
  });

  test("nothing works after close, which may be called twice", async (sample) => {
    await using bench = await make(sample.layout, PLAIN);
    await bench.store.close();
    await bench.store.close();
    const error = await reject(bench.store.write(0, sample.piece(0)), "other");
    assertEquals(error.buffer, sample.piece(0));
    await reject(bench.store.read(0, 0, 1), "other");
    await reject(bench.store.check("all"), "other");
    await reject(bench.store.sync(), "other");
    await reject(bench.store.inspect(), "other");
  });

  const arrangement = (sample: Sample, wanted: readonly number[], apart: readonly number[]) => ({
    wanted: sample.layout.files.map((_, i) => wanted.includes(i)),
    apart: sample.layout.files.map((_, i) => apart.includes(i)),
  });
  const arranged = (sample: Sample, wanted: readonly number[], apart: readonly number[]) => {
    const to = arrangement(sample, wanted, apart);
    const files = sample.layout.files.map((file, i) => ({
      ...file,
      wanted: to.wanted[i]!,
      apart: to.apart[i]!,
    }));
    return make({ ...sample.layout, files, parts: "torrent" }, PLAIN);
  };

  test("what pieces hold of unwanted files lies apart, and moves when they are wanted", async (sample) => {
    await using bench = await arranged(sample, [1], [0, 2, 3, 5]);
    const { store } = bench;
    // a and b, b and c
    for (const piece of [2, 3]) await store.write(piece, sample.piece(piece));
    await store.finish();
    assertEquals([0, 1, 2, 3].map((i) => bench.stored(i) !== null), [false, true, false, false]);
    assertEquals([...await store.check("all")], [2, 3]);
    const all = arrangement(sample, [0, 1, 2, 3, 5], []);
    const { met, apart } = await store.arrange(all);
    assertEquals([met, apart.some(Boolean)], [[], false]);
    assertEquals([...await store.check("all")], [2, 3]);
    await fill(sample, store);
    await store.finish();
    for (const i of [0, 1, 2, 3, 5]) assertEquals(bench.stored(i), sample.file(i));
  });

  test("a file that is wanted no more stays where it stands, one that was not begun lies apart", async (sample) => {
    await using bench = await make({ ...sample.layout, parts: "torrent" }, PLAIN);
    const { store } = bench;
    await store.write(0, sample.piece(0));
    const { apart } = await store.arrange(arrangement(sample, [1], []));
    assertEquals(apart.map((lies, i) => lies ? i : -1).filter((i) => i >= 0), [2, 3, 5]);
    for (const piece of [2, 3]) await store.write(piece, sample.piece(piece));
    await store.finish();
    assertEquals(bench.stored(0)!.slice(0, PIECE), sample.piece(0));
    assertEquals(bench.stored(3), null);
    assertEquals([...await store.check("all")], [0, 2, 3]);
  });

  test("what stands where a file should move to is met, left, and refused when it is something else", async (sample) => {
    await using bench = await arranged(sample, [1], [0, 2, 3, 5]);
    const { store } = bench;
    for (const piece of [2, 3]) await store.write(piece, sample.piece(piece));
    const own = new Uint8Array(150).fill(7);
    bench.plant(0, own);
    const to = arrangement(sample, [0, 1], [2, 3, 5]);
    assertEquals((await store.arrange({ ...to, look: true })).met, [0]);
    assertEquals([...await store.check("all")], [2, 3]);
    assertEquals((await store.arrange(to)).met, [0]);
    assertEquals(bench.stored(0), own);
    const good = await store.check("all");
    assertEquals([...good], [3]);
    const known = none(sample);
    known.add(2);
    assertEquals((await store.conflicts(good, known)).length, 1);
    bench.plant(0, sample.file(0));
    const found = await store.check("all");
    assertEquals([...found], [0, 1, 2, 3]);
    assertEquals(await store.conflicts(found, known), []);
    await store.tidy();
    await store.finish();
    assertEquals(bench.stored(0), sample.file(0));
  });
}
