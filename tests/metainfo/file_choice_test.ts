import { assertEquals } from "@std/assert";
import {
  chooseFiles,
  endsFirst,
  type FilePriority,
  Geometry,
  type TorrentFile,
} from "../../src/metainfo/mod.ts";

/** Files of these lengths in a row; a negative one is padding. */
function filesOf(...lengths: number[]): { files: TorrentFile[]; geometry: Geometry } {
  let offset = 0;
  const files = lengths.map((signed, i) => {
    const length = Math.abs(signed);
    const file = { path: ["t", `f${i}`], length, offset, pad: signed < 0 };
    offset += length;
    return file;
  });
  return { files, geometry: new Geometry(offset, 100) };
}

const [off, low, normal, high] = ["off", "low", "normal", "high"] as const;

Deno.test("chosen files: their pieces, shared ones too, and nothing else", () => {
  const { files, geometry } = filesOf(150, 10, 240, 50);
  const choose = (priorities: readonly FilePriority[]) => chooseFiles(files, geometry, priorities);
  const choice = choose([off, normal, off, off]);
  assertEquals([...choice.pieces], [1]);
  assertEquals([choice.size, choice.count, choice.whole], [100, 1, false]);
  const last = choose([off, off, low, high]);
  assertEquals([...last.pieces], [1, 2, 3, 4]);
  assertEquals([last.size, last.count], [350, 2]);
  // a piece counts as the file wanted most in it
  assertEquals([...last.ranks], [0, 1, 1, 1, 3]);
  assertEquals([...choose([low, high, normal, off]).ranks], [1, 3, 2, 2, 0]);
});

Deno.test("chosen files: all of them, or all but padding, is the whole torrent", () => {
  const { files, geometry } = filesOf(100, -250, 100);
  const whole = chooseFiles(files, geometry, [normal, normal, high]);
  // what is padding alone is a piece of the torrent too
  assertEquals([...whole.ranks], [2, 1, 1, 3, 3]);
  assertEquals([whole.size, whole.count, whole.whole, whole.pieces.full], [450, 2, true, true]);
  assertEquals(whole.priorities, [normal, off, high]);
  assertEquals(chooseFiles(files, geometry, [normal, off, off]).whole, false);
});

Deno.test("chosen files: an empty one costs no piece, and none wanted is none", () => {
  const { files, geometry } = filesOf(100, 0, -50, 100);
  assertEquals([...chooseFiles(files, geometry, [off, normal, off, off]).pieces], []);
  const none = chooseFiles(files, geometry, [off, off, normal, off]);
  assertEquals([none.size, none.count, none.pieces.count], [0, 0, 0]);
});

Deno.test("the ends of wanted files go before everything: a hundredth of the file, a piece at least", () => {
  // pieces 0 to 2, 2 and 3, 3 to 253
  const { files, geometry } = filesOf(250, 100, 25_000, 0);
  const choice = chooseFiles(files, geometry, [normal, off, low, high]);
  const ranks = endsFirst(files, geometry, choice);
  const first = [...ranks.keys()].filter((piece) => ranks[piece] === 4);
  assertEquals(first, [0, 2, 3, 4, 5, 251, 252, 253]);
  assertEquals([ranks[1], ranks[100]], [2, 1]);
});
