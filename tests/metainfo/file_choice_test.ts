import { assertEquals, assertThrows } from "@std/assert";
import { MetainfoError } from "../../src/base/mod.ts";
import { chooseFiles, Geometry, type TorrentFile } from "../../src/metainfo/mod.ts";

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

const only = (...numbers: number[]) => numbers.map((number) => ({ from: number, to: number }));

Deno.test("chosen files: their pieces, shared ones too, and nothing else", () => {
  const { files, geometry } = filesOf(150, 10, 240, 50);
  const choice = chooseFiles(files, geometry, only(1))!;
  assertEquals([...choice.pieces], [1]);
  assertEquals([choice.size, choice.count], [100, 1]);
  assertEquals(choice.wanted, [false, true, false, false]);
  const last = chooseFiles(files, geometry, [{ from: 2, to: 9 }])!;
  assertEquals([...last.pieces], [1, 2, 3, 4]);
  assertEquals([last.size, last.count], [350, 2]);
});

Deno.test("chosen files: all of them, or all but padding, is no choice", () => {
  const { files, geometry } = filesOf(100, -50, 100);
  assertEquals(chooseFiles(files, geometry, undefined), null);
  assertEquals(chooseFiles(files, geometry, [{ from: 0, to: 2 }]), null);
  assertEquals(chooseFiles(files, geometry, only(0, 2)), null);
});

Deno.test("chosen files: an empty one costs no piece, padding is none, and none at all is an error", () => {
  const { files, geometry } = filesOf(100, 0, -50, 100);
  assertEquals([...chooseFiles(files, geometry, only(1))!.pieces], []);
  for (const numbers of [only(2), only(4, 100), []]) {
    assertThrows(() => chooseFiles(files, geometry, numbers), MetainfoError, "Expected files of");
  }
});
