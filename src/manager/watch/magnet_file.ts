import { MagnetError } from "../../base/mod.ts";
import { isMagnet, type Magnet, parseMagnet } from "../../metainfo/mod.ts";

/** The magnet link in a `.magnet` file: text with the link in a line of its own and nothing else. Throws `MagnetError`. */
export function readMagnetFile(bytes: Uint8Array): Magnet {
  const lines = new TextDecoder().decode(bytes).split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [link] = lines;
  if (link === undefined) throw new MagnetError("", "Expected a magnet link, got nothing");
  if (lines.length > 1) {
    throw new MagnetError("", `Expected one magnet link in the file, got ${lines.length} lines`);
  }
  if (!isMagnet(link)) throw new MagnetError("", "Expected a magnet link, got something else");
  return parseMagnet(link);
}
