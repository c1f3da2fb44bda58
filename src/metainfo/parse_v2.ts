import { binaryString, type Bytes, MetainfoError, utf8 } from "../base/mod.ts";
import { asInteger, decode } from "../bencode/mod.ts";
import { Field } from "./field.ts";
import { parseFileTree, type TreeEntry } from "./file_tree.ts";
import type { TorrentFile } from "./file_map.ts";
import { BLOCK_SIZE } from "./geometry.ts";
import type { MerkleFile } from "./merkle_pieces.ts";
import { type NameRules, safeComponent } from "./names.ts";
import { MAX_PIECE_LENGTH } from "./parse_pieces.ts";
import { preferUtf8 } from "./parse_files.ts";
import { decoded, PathTree } from "./path_tree.ts";

/** Room for a million files with attributes and a few folders each. */
export const DECODE_LIMITS = { maxDepth: 100, maxValues: 2_500_000 };
/** 64 MiB of hashes; as many as libtorrent takes. */
const MAX_PIECES = 2 * 1024 * 1024;

/** What a file tree says, every name made safe. */
export interface V2Files {
  readonly name: string;
  readonly multiFile: boolean;
  /** Each that has data begins a piece. */
  readonly files: readonly TorrentFile[];
  readonly totalLength: number;
  readonly trees: readonly MerkleFile[];
}

/** True when `info` is of v2 or hybrid. Throws `MetainfoError` for a version that is neither, and says so before anything else. */
export function isV2(info: Field): boolean {
  const field = info.entry("meta version");
  const hasTree = !info.entry("file tree").missing;
  if (field.missing && !hasTree) return false;
  const version = asInteger(field.value);
  if (version !== null && version > 2) {
    throw new MetainfoError(
      field.path,
      `Expected a torrent of version 1 or 2, got one of version ${version}`,
    );
  }
  if (version === 2) return true;
  if (hasTree) throw field.fault('2 beside a "file tree"');
  return false;
}

/** True when `info` has the fields of v1 (BEP 3). */
export function isV1(info: Field): boolean {
  return ["pieces", "files", "length"].some((key) => !info.entry(key).missing);
}

/** The files of `info.file tree` as `info.piece length` cuts them; `folder`: also a single one lies in a folder. Throws `MetainfoError`. */
export function parseV2Files(info: Field, rules: NameRules, folder: boolean): V2Files {
  const pieceLength = parseV2PieceLength(info);
  const rawName = binaryString(preferUtf8(info, "name").bytes());
  const tree = info.entry("file tree");
  const entries = parseFileTree(tree);
  const [first] = entries;
  const multiFile = folder || entries.length > 1 || first!.components.length > 1;
  const paths = new PathTree(rules);
  const files: TorrentFile[] = [];
  const trees: MerkleFile[] = [];
  /** The length that goes with each root. */
  const lengths = new Map<string, number>();
  let totalLength = 0;
  let pieces = 0;
  for (const entry of entries) {
    const { length, root } = entry;
    const offset = pieces * pieceLength;
    // what is left of 2⁵³ bounds the file, and so where the next one begins
    if (length > Number.MAX_SAFE_INTEGER - offset - pieceLength) {
      throw entry.field.entry("length").fault("files of less than 2⁵³ bytes together");
    }
    files.push({ path: safePath(paths, rawName, entry, multiFile), length, offset, pad: false });
    totalLength += length;
    if (root === null) continue;
    // alike files share their root, their layer and every answer to a hash request; what shares it and is longer is a lie
    const key = binaryString(root);
    const known = lengths.get(key) ?? length;
    if (known !== length) {
      throw entry.field.entry("length").fault(`${known} bytes, as of the other file of that root`);
    }
    lengths.set(key, length);
    const pieceCount = Math.ceil(length / pieceLength);
    trees.push({ root: root.slice(), length, firstPiece: pieces, pieceCount });
    pieces += pieceCount;
  }
  if (totalLength === 0) throw tree.fault("files of at least 1 byte together", "0 bytes");
  if (pieces > MAX_PIECES) throw tree.fault(`at most ${MAX_PIECES} pieces`, String(pieces));
  // a file that is no folder goes by its own name
  const name = multiFile ? safeComponent(decoded(rawName), rules) : files[0]!.path[0]!;
  return { name, multiFile, files, totalLength, trees };
}

/** Throws `MetainfoError` when it is no power of two, or less than a block. */
export function parseV2PieceLength(info: Field): number {
  const field = info.entry("piece length");
  const length = field.integer(BLOCK_SIZE, MAX_PIECE_LENGTH);
  if ((length & (length - 1)) !== 0) throw field.fault("a power of two");
  return length;
}

function safePath(
  tree: PathTree,
  rawName: string,
  { components, field }: TreeEntry,
  multiFile: boolean,
): readonly string[] {
  const path = tree.add(multiFile ? [rawName, ...components] : components);
  // a tree has no name twice, so there is only one way to be in its way
  if (typeof path === "string") throw field.fault("a path of its own", path);
  return path;
}

/** What no v2 torrent is without. */
const TREE_KEY = utf8("9:file tree");

/** True when `part` is somewhere in `bytes`. */
function holds(bytes: Bytes, part: Bytes): boolean {
  for (let at = bytes.indexOf(part[0]!); at >= 0; at = bytes.indexOf(part[0]!, at + 1)) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

/** What has to be known of a v2 torrent before its piece layers are. */
export interface KnownTrees {
  /** v1 hashes are in it too. */
  readonly hybrid: boolean;
  readonly pieceLength: number;
  readonly trees: readonly MerkleFile[];
}

/** The trees of an info dictionary's files, null: v1. Throws `BencodeError`, `MetainfoError`. */
export function parseTrees(infoBytes: Bytes): KnownTrees | null {
  // most are of v1, and long ones take their time to read
  if (!holds(infoBytes, TREE_KEY)) return null;
  const info = Field.root(decode(infoBytes, DECODE_LIMITS));
  if (!isV2(info)) return null;
  const { trees } = parseV2Files(info, {}, false);
  return { hybrid: isV1(info), pieceLength: parseV2PieceLength(info), trees };
}
