/** What `tm info` and `tm create` say of a torrent's version and hashes. */
import { toHex } from "../base/mod.ts";
import type { Metainfo } from "../metainfo/mod.ts";

/** Its hashes with their labels. */
export function hashesOf({ version, infoHash, infoHashV2 }: Metainfo): [string, string][] {
  if (infoHashV2 === null) return [["Info hash", toHex(infoHash)]];
  const v2: [string, string] = ["Info hash v2", toHex(infoHashV2)];
  return version === "v2" ? [v2] : [["Info hash", toHex(infoHash)], v2];
}

/** The same for programs. */
export function versionJson(
  { version, infoHashV2 }: Metainfo,
): { version: string; infoHashV2: string | null } {
  return { version, infoHashV2: infoHashV2 === null ? null : toHex(infoHashV2) };
}

/** The Merkle root of each file that has one, in hexadecimal, by the file's number from 1. */
export function rootsOf({ files, merkle }: Metainfo): ReadonlyMap<number, string> {
  const out = new Map<number, string>();
  const trees = merkle?.files ?? [];
  let tree = 0;
  for (const [i, { pad, length }] of files.entries()) {
    if (pad || length === 0) continue;
    const root = trees[tree++]?.root;
    if (root !== undefined) out.set(i + 1, toHex(root));
  }
  return out;
}
