import { assertEquals, assertThrows } from "@std/assert";
import { MagnetError, toHex, utf8 } from "../../../src/base/mod.ts";
import { readMagnetFile } from "../../../src/manager/watch/magnet_file.ts";

const HASH = "2089b05ecca3d829cee5497d2703803b52216d19";
const LINK = `magnet:?xt=urn:btih:${HASH}&dn=film`;

for (
  const [what, text] of [
    ["alone", LINK],
    ["with a line end of Windows", `${LINK}\r\n`],
    ["with a mark of its encoding, blanks and empty lines", `\ufeff\n  ${LINK}\t\n\n`],
    ["in capitals", LINK.replace("magnet", "MAGNET")],
  ] as const
) {
  Deno.test(`magnet file: the link ${what}`, () => {
    const { infoHash, name } = readMagnetFile(utf8(text));
    assertEquals([toHex(infoHash), name], [HASH, "film"]);
  });
}

for (
  const [what, text, words] of [
    ["nothing", " \n", "Expected a magnet link, got nothing"],
    ["something else", "https://example.org/a.torrent", "Expected a magnet link, got something"],
    ["two links", `${LINK}\n${LINK}`, "Expected one magnet link in the file, got 2 lines"],
    ["a link without a hash", "magnet:?dn=film", ""],
    ["bytes that are no text", "\0\x01\x02", "Expected a magnet link, got something"],
  ] as const
) {
  Deno.test(`magnet file: refuses ${what}`, () => {
    assertThrows(() => readMagnetFile(utf8(text)), MagnetError, words);
  });
}
