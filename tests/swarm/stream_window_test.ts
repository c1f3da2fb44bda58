import { assertEquals } from "@std/assert";
import { Bitfield } from "../../src/base/mod.ts";
import { Geometry } from "../../src/metainfo/mod.ts";
import { StreamWindow } from "../../src/swarm/mod.ts";

const PIECE = 16_384;

function of(geometry: Geometry, bytes: number, wanted?: readonly number[]): StreamWindow {
  const pieces = new Bitfield(geometry.pieceCount);
  if (wanted === undefined) pieces.fill();
  for (const piece of wanted ?? []) pieces.add(piece);
  return new StreamWindow(geometry, pieces, bytes);
}

function windowOf(pieces: number, size: number): StreamWindow {
  return of(new Geometry(pieces * PIECE - 5, PIECE), size * PIECE);
}

function keep(window: StreamWindow, ...pieces: number[]): void {
  for (const piece of pieces) window.keep(piece, new Uint8Array(PIECE).fill(piece));
}

/** Everything the picker would begin. */
function open(window: StreamWindow, pieces: number): number {
  const all = new Bitfield(pieces);
  all.fill();
  let count = 0;
  for (let piece = window.picker.pick(all); piece !== null; piece = window.picker.pick(all)) {
    window.picker.remove(piece);
    count++;
  }
  return count;
}

Deno.test("pieces are given in order, the last one without what its buffer has beyond it", () => {
  const window = windowOf(3, 3);
  keep(window, 2, 1);
  assertEquals([window.peek(), window.take(), window.next], [null, null, 0]);
  keep(window, 0);
  const seen: number[][] = [];
  for (let data = window.peek(); data !== null; data = window.peek()) {
    seen.push([data[0]!, data.length, window.take()!.length]);
  }
  assertEquals(seen, [[0, PIECE, PIECE], [1, PIECE, PIECE], [2, PIECE - 5, PIECE]]);
  assertEquals([window.over, window.next], [true, 3]);
});

Deno.test("the window moves on by what was taken, and by nothing else", () => {
  const window = windowOf(10, 3);
  assertEquals(open(window, 10), 3);
  keep(window, 0, 1, 2);
  assertEquals(open(window, 10), 0);
  window.take();
  window.take();
  assertEquals(open(window, 10), 2);
});

Deno.test("it is at least two pieces wide, however large these are", () => {
  assertEquals(of(new Geometry(2 ** 32, 2 ** 29), 48 * 2 ** 20).size, 2);
  assertEquals(of(new Geometry(2 ** 32, 2 ** 20), 48 * 2 ** 20).size, 48);
});

Deno.test("a reader is behind from a full window to half of one", () => {
  const window = windowOf(20, 6);
  const states: boolean[] = [];
  for (let piece = 0; piece < 6; piece++) {
    keep(window, piece);
    states.push(window.behind);
  }
  assertEquals(states, [false, false, false, false, true, true]);
  for (let piece = 0; piece < 6; piece++) {
    window.take();
    states.push(window.behind);
  }
  assertEquals(states.slice(6), [true, true, true, false, false, false]);
});

Deno.test("at the end the window is what is left", () => {
  const window = windowOf(3, 6);
  keep(window, 0, 1);
  assertEquals(window.behind, true);
  keep(window, 2);
  for (let piece = 0; piece < 3; piece++) window.take();
  assertEquals(window.behind, false);
});

Deno.test("pieces that nobody wants take no place in the window", () => {
  const window = of(new Geometry(10 * PIECE, PIECE), 2 * PIECE, [1, 6, 7, 9]);
  const all = new Bitfield(10);
  all.fill();
  // the swarm takes them out of the picker
  for (const piece of [0, 2, 3, 4, 5, 8]) window.picker.remove(piece);
  const begun: (number | null)[] = [];
  const begin = () => {
    const piece = window.picker.pick(all);
    begun.push(piece);
    if (piece !== null) window.picker.remove(piece);
  };
  for (let i = 0; i < 3; i++) begin();
  assertEquals(begun, [1, 6, null]);
  keep(window, 1, 6);
  assertEquals(window.next, 1);
  window.take();
  assertEquals(window.next, 6);
  begin();
  begin();
  assertEquals(begun.slice(3), [7, null]);
  window.take();
  keep(window, 7);
  window.take();
  begin();
  assertEquals([begun.at(-1), window.over], [9, false]);
  keep(window, 9);
  window.take();
  assertEquals([window.over, window.peek()], [true, null]);
});
