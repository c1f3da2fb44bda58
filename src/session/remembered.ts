import { equalBytes } from "../base/mod.ts";
import {
  type Magnet,
  type Metainfo,
  nameRules,
  parseMetainfo,
  torrentOf,
} from "../metainfo/mod.ts";
import type { DataPlace } from "./torrent_data.ts";

/**
 * What a magnet link leads to, as an earlier run kept it, with the link's trackers and web seeds besides its own. Null
 * when nothing was kept, or not what the link names.
 */
export async function rememberedMetainfo(
  place: DataPlace,
  magnet: Magnet,
): Promise<Metainfo | null> {
  const bytes = place.remembered(magnet.infoHash);
  if (bytes === null) return null;
  const rules = nameRules(Deno.build.os);
  const options = { layersMissing: true, knownAs: magnet.infoHash };
  const kept = await parseMetainfo(bytes, rules, options).catch(() => null);
  if (kept === null || !equalBytes(kept.infoHash, magnet.infoHash)) return null;
  const trackers = new Set([...magnet.trackers, ...kept.trackers.flat()]);
  const webseeds = new Set([...magnet.webseeds, ...kept.webseeds]);
  const torrent = torrentOf(kept.infoBytes, [...trackers], [...webseeds], kept.merkle);
  return await parseMetainfo(torrent, rules, options);
}
