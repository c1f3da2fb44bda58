/** v2 and hybrid torrents for tests over real sockets. */
import { concat } from "../../src/base/mod.ts";
import { type Metainfo, parseMetainfo } from "../../src/metainfo/mod.ts";
import { type MadeFile, madeTorrent, PIECE } from "../metainfo/v2_torrents.ts";
import type { LabTorrent } from "./lab.ts";

export type Version = "v2" | "hybrid";
export const VERSIONS: readonly Version[] = ["v2", "hybrid"];

export interface V2Torrent extends LabTorrent {
  readonly metainfo: Metainfo;
}

/** The torrent of `files`, in pieces of {@linkcode PIECE}; one with an empty path is no folder. */
export async function labV2(
  name: string,
  files: readonly MadeFile[],
  version: Version,
): Promise<V2Torrent> {
  const bytes = await madeTorrent(files, PIECE, version, name);
  const metainfo = await parseMetainfo(bytes);
  return {
    bytes,
    metainfo,
    hash: metainfo.infoHash,
    name,
    data: concat(...files.map(({ data }) => data)),
    pieceLength: PIECE,
    files: files.map(({ path, data }) => ({ path: [name, ...path].join("/"), data, pad: false })),
  };
}
