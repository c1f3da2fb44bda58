import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Bytes, PieceIndex } from "../../src/base/mod.ts";
import { ReadCache } from "../../src/session/read_cache.ts";

const MIB = 1024 * 1024;
const piece = (index: number) => index as PieceIndex;

/** A disk that answers when told to. Byte `i` of a piece is `piece + i / 4096`. */
class Source {
  readonly cache = new ReadCache(this);
  readonly reads: string[] = [];
  readonly heard: string[] = [];
  readonly memory = new Set<ArrayBuffer>();
  onReadable: (piece: number) => void = () => {};
  #pending: (() => void)[] = [];

  constructor(readonly size: number) {}

  pieceSize(): number {
    return this.size;
  }

  async read(piece: number, offset: number, length: number, into?: ArrayBuffer): Promise<Bytes> {
    this.reads.push(`${piece}+${offset} ${length}`);
    await new Promise<void>((resolve) => this.#pending.push(resolve));
    if (piece === 666) throw new Error("EIO");
    if (into !== undefined) this.memory.delete(into);
    const bytes = new Uint8Array(into?.transfer() ?? new ArrayBuffer(length), 0, length);
    this.memory.add(bytes.buffer);
    for (let i = 0; i < length; i += 4096) bytes.fill(piece + (offset + i) / 4096, i, i + 4096);
    return bytes;
  }

  readable(piece: PieceIndex): void {
    this.heard.push(`readable ${piece}`);
    this.onReadable(piece);
  }

  readFailed(piece: PieceIndex): void {
    this.heard.push(`failed ${piece}`);
  }

  async answer(): Promise<void> {
    for (const resolve of this.#pending.splice(0)) resolve();
    for (let i = 0; i < 10; i++) await Promise.resolve();
  }
}

Deno.test("blocks of one chunk cost one read, and are right", async () => {
  const source = new Source(2 * MIB);
  const { cache } = source;
  for (let begin = 0; begin < MIB; begin += 16_384) {
    assertEquals(cache.get(piece(3), begin, 16_384), null);
  }
  assertEquals(source.reads, [`3+0 ${MIB}`]);
  await source.answer();
  assertEquals(source.heard, ["readable 3"]);
  assertEquals(cache.get(piece(3), 16_384, 16_384)![0], 3 + 4);
  assertEquals(cache.get(piece(3), MIB, 16_384), null);
  assertEquals(source.reads.length, 2);
});

Deno.test("a request across two chunks is read on its own", async () => {
  const source = new Source(2 * MIB);
  assertEquals(source.cache.get(piece(0), MIB - 4096, 8192), null);
  await source.answer();
  const got = source.cache.get(piece(0), MIB - 4096, 8192)!;
  assertEquals([got.length, got[0], got[4096]], [8192, 255, 0]);
});

Deno.test("memory is bounded and used again", async () => {
  const source = new Source(MIB);
  for (let index = 0; index < 200; index++) {
    source.cache.get(piece(index), 0, 16_384);
    await source.answer();
  }
  assertEquals(source.reads.length, 200);
  assertLessOrEqual(source.memory.size, 34);
  assert(source.cache.get(piece(199), 0, 1) !== null);
  assertEquals(source.cache.get(piece(0), 0, 1), null);
});

Deno.test("what is used stays, what is not goes first", async () => {
  const source = new Source(MIB);
  for (let index = 0; index < 60; index++) {
    source.cache.get(piece(0), 0, 1);
    source.cache.get(piece(1 + index), 0, 1);
    await source.answer();
  }
  assertEquals(source.reads.filter((read) => read.startsWith("0+")).length, 1);
});

Deno.test("a read that fails is told, and tried again when asked for again", async () => {
  const source = new Source(MIB);
  source.cache.get(piece(666), 0, 1);
  await source.answer();
  assertEquals(source.heard, ["failed 666"]);
  source.cache.get(piece(666), 0, 1);
  assertEquals(source.reads.length, 2);
  await source.answer();
});

Deno.test("whoever asks is told, however many reads are under way", async () => {
  const source = new Source(16_384);
  for (let index = 0; index < 60; index++) assertEquals(source.cache.get(piece(index), 0, 1), null);
  for (let round = 0; round < 10; round++) await source.answer();
  assertEquals(source.heard.length, 60);
});

Deno.test("looking ahead never has more than sixteen reads under way", async () => {
  const source = new Source(16_384);
  for (let index = 0; index < 60; index++) source.cache.expect(piece(index), 0, 1);
  assertEquals(source.reads.length, 16);
  await source.answer();
  assertEquals(source.heard.length, 16);
});
