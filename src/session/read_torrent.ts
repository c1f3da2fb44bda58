import type { Bytes } from "../base/mod.ts";
import { type Metainfo, parseMetainfo } from "../metainfo/mod.ts";

/**
 * A torrent read for this machine's file system: Linux takes nearly every name as it is, elsewhere names that
 * clash with the system's rules are replaced. Rejects like `parseMetainfo`.
 */
export function readTorrent(bytes: Bytes): Promise<Metainfo> {
  return parseMetainfo(bytes, { portable: Deno.build.os !== "linux" });
}
