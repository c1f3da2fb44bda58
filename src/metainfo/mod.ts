/**
 * Torrent files (BEP 3, 12, 19, 27, 47): reading, checking, making names safe, creating, the
 * arithmetic of pieces, blocks and files, their content as one stream (a file, or a tar archive); and magnet links (BEP 9, 53).
 * Nothing here touches a disk. Left out: HTTP seeding (BEP 17),
 * and the symbolic links of BEP 47, read as the empty files they are listed as.
 *
 * Terms. The *info dictionary* is the part of a torrent that its *info hash* is over; its bytes are
 * cut into *pieces*, hashed one by one, and those into *blocks*, asked for one by one. A *tier* is a
 * group of trackers that stand in for one another. *Padding* is zeros between files that start each
 * file at a piece. A *safe name* is one that can be created inside the download folder, and nowhere else.
 */
export {
  choosePieceLength,
  createTorrent,
  type TorrentContent,
  type TorrentOptions,
} from "./create.ts";
export { chooseFiles, endsFirst, type FileChoice, piecesOf } from "./file_choice.ts";
export {
  changePriorities,
  checkRules,
  filePriorities,
  type FilePriorityChange,
  type FileRules,
  type FileSelector,
} from "./file_rules.ts";
export { Glob, isGlob } from "./glob.ts";
export { FILE_PRIORITIES, type FilePriority, rankOf } from "./file_priority.ts";
export { FileMap, type Place, type Span, type TorrentFile } from "./file_map.ts";
export { FileUrls } from "./file_urls.ts";
export { BLOCK_SIZE, Geometry } from "./geometry.ts";
export {
  encodeMagnet,
  isMagnet,
  linkOfHash,
  type Magnet,
  parseInfoHash,
  parseMagnet,
} from "./magnet.ts";
export { countOf, type IndexRange, parseRanges } from "./index_ranges.ts";
export { torrentOf } from "./torrent_of.ts";
export { geometryOf, hashesOf, type Metainfo, type TorrentVersion } from "./metainfo.ts";
export { climb, merkleRoot, padNode, parentsOf, treeHeight, type TreeRange } from "./merkle.ts";
export {
  emptyPieces,
  fileHeight,
  type MerkleFile,
  type MerklePieces,
  type MerkleTrees,
  pieceLevel,
} from "./merkle_pieces.ts";
export { MAX_COMPONENT, type NameRules, nameRules, safeComponent } from "./names.ts";
export { parseMetainfo, type ParseOptions } from "./parse.ts";
export { type KnownTrees, parseTrees } from "./parse_v2.ts";
export { fillPieces } from "./piece_layers.ts";
export { MAX_PIECE_LENGTH } from "./parse_pieces.ts";
export type { NamedNode } from "./parse_nodes.ts";
export { PlainForm, type StreamForm, streamForm, TarForm } from "./stream_form.ts";
export { TAR_BLOCK, TAR_RECORD, type TarEntry, tarHeader } from "./tar.ts";
