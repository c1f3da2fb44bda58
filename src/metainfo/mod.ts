/**
 * Torrent files (BEP 3, 12, 19, 23, 27, 47): reading, checking, making names safe, creating, and the
 * arithmetic of pieces, blocks and files. Nothing here touches a disk.
 */
export { FileMap, type Span, type TorrentFile } from "./file_map.ts";
export { BLOCK_SIZE, Geometry } from "./geometry.ts";
export type { Metainfo } from "./metainfo.ts";
