import { assertEquals, assertLessOrEqual } from "@std/assert";
import { type Bytes, concat } from "../../src/base/mod.ts";
import { PlainForm, type StreamForm } from "../../src/metainfo/mod.ts";
import type { StreamSink } from "../../src/session/mod.ts";
import { StreamOutput, type StreamSource } from "../../src/session/stream_output.ts";

const MIB = 1024 * 1024;

/** A reader that takes a chunk only when it is told to. */
class Reader implements StreamSink {
  taken: Bytes = new Uint8Array(0);
  readonly waiting: { readonly chunk: Bytes; readonly done: PromiseWithResolvers<Bytes> }[] = [];

  write(chunk: Bytes): Promise<Bytes> {
    const done = Promise.withResolvers<Bytes>();
    // the memory is taken away, as between threads
    const { length } = chunk;
    this.waiting.push({ chunk: new Uint8Array(chunk.buffer.transfer(), 0, length), done });
    return done.promise;
  }

  get held(): number {
    return this.waiting.reduce((sum, { chunk }) => sum + chunk.length, 0);
  }

  async take(): Promise<void> {
    const { chunk, done } = this.waiting.shift()!;
    this.taken = concat(this.taken, chunk);
    done.resolve(chunk);
    await done.promise;
    // what follows from it runs in the next turn
    await Promise.resolve();
  }
}

/** Pieces as they come. */
class Pieces implements StreamSource {
  readonly here = new Map<number, Bytes>();
  taken = 0;
  ended: "finished" | unknown = null;

  constructor(readonly count: number) {}

  next(): { at: number; data: Bytes } | null {
    const data = this.here.get(this.taken);
    // where it begins is nothing that a plain form of all of it looks at
    return data === undefined ? null : { at: 0, data };
  }

  used(): void {
    this.here.delete(this.taken++);
  }

  get over(): boolean {
    return this.taken === this.count;
  }

  finished(): void {
    this.ended = "finished";
  }

  failed(error: unknown): void {
    this.ended = error;
  }
}

function pieceOf(size: number, value: number): Bytes {
  return new Uint8Array(size).map((_, i) => (i * 7 + value) % 251);
}

Deno.test("pieces leave in order, whatever order they come in", async () => {
  const [pieces, reader] = [new Pieces(3), new Reader()];
  const output = new StreamOutput(pieces, new PlainForm({ offset: 0, length: Infinity }), reader);
  pieces.here.set(1, pieceOf(10, 1));
  output.pump();
  assertEquals([reader.waiting.length, output.busy], [0, false]);
  pieces.here.set(0, pieceOf(10, 0));
  output.pump();
  assertEquals([reader.waiting.length, output.busy, pieces.taken], [1, true, 2]);
  await reader.take();
  assertEquals([output.busy, pieces.ended], [false, null]);
  pieces.here.set(2, pieceOf(10, 2));
  output.pump();
  await reader.take();
  assertEquals(reader.taken, concat(pieceOf(10, 0), pieceOf(10, 1), pieceOf(10, 2)));
  assertEquals(pieces.ended, "finished");
});

Deno.test("a reader that takes nothing is given 4 MiB, and the piece that goes on stays", async () => {
  const [pieces, reader] = [new Pieces(2), new Reader()];
  const output = new StreamOutput(pieces, new PlainForm({ offset: 0, length: Infinity }), reader);
  const data = pieceOf(10 * MIB, 3);
  pieces.here.set(0, data);
  pieces.here.set(1, data);
  output.pump();
  assertEquals([reader.held, pieces.taken], [4 * MIB, 0]);
  while (reader.waiting.length > 0) {
    assertLessOrEqual(reader.held, 4 * MIB);
    await reader.take();
  }
  assertEquals(reader.taken.length, 20 * MIB);
  assertEquals(reader.taken.subarray(10 * MIB), data);
  assertEquals(pieces.ended, "finished");
});

Deno.test("what stands between and after the pieces leaves with them", async () => {
  const form: StreamForm = {
    next: (data) => [Uint8Array.of(1), data, new Uint8Array(0)],
    end: () => [Uint8Array.of(8), Uint8Array.of(9)],
  };
  const [pieces, reader] = [new Pieces(2), new Reader()];
  const output = new StreamOutput(pieces, form, reader);
  pieces.here.set(0, Uint8Array.of(5));
  output.pump();
  pieces.here.set(1, Uint8Array.of(6));
  output.pump();
  while (reader.waiting.length > 0) await reader.take();
  assertEquals([...reader.taken], [1, 5, 1, 6, 8, 9]);
});

Deno.test("a reader that is gone is told once, and nothing more is written", async () => {
  const [pieces, reader] = [new Pieces(2), new Reader()];
  const output = new StreamOutput(pieces, new PlainForm({ offset: 0, length: Infinity }), reader);
  pieces.here.set(0, pieceOf(2 * MIB, 0));
  output.pump();
  const gone = new Deno.errors.BrokenPipe("gone");
  const failures = reader.waiting.splice(0);
  for (const { done } of failures) done.reject(gone);
  await Promise.allSettled(failures.map(({ done }) => done.promise));
  await Promise.resolve();
  assertEquals(pieces.ended, gone);
  pieces.here.set(1, pieceOf(10, 0));
  output.pump();
  assertEquals(reader.waiting.length, 0);
});

Deno.test("a closed output neither writes nor complains", async () => {
  const [pieces, reader] = [new Pieces(1), new Reader()];
  const output = new StreamOutput(pieces, new PlainForm({ offset: 0, length: Infinity }), reader);
  pieces.here.set(0, pieceOf(6 * MIB, 0));
  output.pump();
  output.close();
  const [first, second] = reader.waiting.splice(0);
  first!.done.resolve(first!.chunk);
  second!.done.reject(new Error("late"));
  await Promise.allSettled([first!.done.promise, second!.done.promise]);
  await Promise.resolve();
  assertEquals([reader.waiting.length, pieces.ended], [0, null]);
});
