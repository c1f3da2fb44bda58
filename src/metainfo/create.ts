import { binaryString, type Bytes, compareBytes, SHA256_SIZE, utf8 } from "../base/mod.ts";
import { type Encodable, encode } from "../bencode/mod.ts";
import { merkleRoot } from "./merkle.ts";
import { emptyPieces, fileHeight, type MerkleFile, pieceLevel } from "./merkle_pieces.ts";
import { layersOf } from "./piece_layers.ts";

const MIN_PIECE_LENGTH = 16 * 1024;
const MAX_CHOSEN_PIECE_LENGTH = 16 * 1024 * 1024;
/** Above so many pieces the next larger piece is chosen. */
const MAX_CHOSEN_PIECES = 2048;

/** What a new torrent holds. */
export interface TorrentContent {
  /** The file's or the folder's name. */
  readonly name: string;
  /**
   * Files in the order their bytes were hashed, with `pieceNodes` that of the file tree: folder by folder, names by their
   * bytes. `path` is below the folder. A single file that is no folder has an empty path.
   */
  readonly files: readonly { readonly path: readonly string[]; readonly length: number }[];
  /** Bytes of a piece. */
  readonly pieceLength: number;
  /** SHA-1, 20 bytes a piece, in order; null: v2 only. */
  readonly pieceHashes: Bytes | null;
  /**
   * The Merkle node of each piece, 32 bytes, in order; not given: v1 only. Where it is, each file begins a piece, and
   * SHA-1 has zeros behind the files of a folder as far as the end of their last pieces.
   */
  readonly pieceNodes?: Bytes | null;
}

/** What else goes into a new torrent; all of it optional. */
export interface TorrentOptions {
  /** Announce URLs in tiers (BEP 12). */
  readonly trackers?: readonly (readonly string[])[];
  /** No peers but those of the trackers (BEP 27). */
  readonly private?: boolean;
  readonly comment?: string;
  /** BEP 19. */
  readonly webseeds?: readonly string[];
  readonly createdBy?: string;
  /** Seconds since 1970. */
  readonly creationDate?: number;
}

/**
 * The bytes of a torrent file (BEP 3, BEP 52), canonical: the same content gives the same bytes, so the same info hash.
 * Throws `RangeError` when the piece hashes do not match the lengths or there is nothing to share, and where version 2
 * cannot have such pieces or files.
 */
export function createTorrent(content: TorrentContent, options: TorrentOptions = {}): Bytes {
  const { trackers = [], webseeds = [] } = options;
  const urls = trackers.flat();
  const trees = content.pieceNodes ? treesOf(content, content.pieceNodes) : null;
  return encode({
    announce: urls[0],
    // a list of one says nothing that `announce` does not
    "announce-list": urls.length > 1 ? trackers.filter((tier) => tier.length > 0) : undefined,
    comment: options.comment,
    "created by": options.createdBy,
    "creation date": options.creationDate,
    info: infoOf(content, trees, options.private ?? false),
    "piece layers": trees === null ? undefined : layersOf(trees, {
      ...emptyPieces(trees, content.pieceLength),
      hashes: content.pieceNodes!,
    }),
    "url-list": webseeds.length > 0 ? webseeds : undefined,
  });
}

/**
 * Bytes of a piece for a torrent of `totalLength` bytes: the smallest power of two from 16 KiB to 16 MiB that makes
 * at most 2,048 pieces, so that both the torrent file and what a bad byte costs stay small.
 */
export function choosePieceLength(totalLength: number): number {
  let length = MIN_PIECE_LENGTH;
  while (length < MAX_CHOSEN_PIECE_LENGTH && totalLength / length > MAX_CHOSEN_PIECES) length *= 2;
  return length;
}

function infoOf(
  content: TorrentContent,
  trees: readonly MerkleFile[] | null,
  isPrivate: boolean,
): Encodable {
  const { name, files, pieceLength, pieceHashes } = content;
  const total = files.reduce((sum, file) => sum + file.length, 0);
  if (total === 0) throw new RangeError("Expected at least 1 byte to share, got 0");
  const single = files.length === 1 && files[0]!.path.length === 0;
  if (!single && files.some((file) => file.path.length === 0)) {
    throw new RangeError("Expected a path for every file of a folder, got an empty one");
  }
  if (pieceHashes === null && trees === null) throw new RangeError("Expected hashes, got none");
  if (pieceHashes !== null) {
    const last = trees?.[trees.length - 1];
    const pieces = last ? last.firstPiece + last.pieceCount : Math.ceil(total / pieceLength);
    if (pieceHashes.length !== pieces * 20) {
      throw new RangeError(`Expected ${pieces} piece hashes, got ${pieceHashes.length / 20}`);
    }
  }
  const listed = pieceHashes === null || single
    ? undefined
    : trees === null
    ? files.map(({ path, length }) => ({ length, path }))
    : padded(files, pieceLength);
  return {
    "file tree": trees === null ? undefined : treeOf(content, trees),
    files: listed,
    length: pieceHashes !== null && single ? total : undefined,
    "meta version": trees === null ? undefined : 2,
    name,
    "piece length": pieceLength,
    pieces: pieceHashes ?? undefined,
    private: isPrivate ? 1 : undefined,
  };
}

/** The files with padding behind each that does not end a piece (BEP 47), the last one included, as in BEP 52's example. */
function padded(files: TorrentContent["files"], pieceLength: number): Encodable[] {
  return files.flatMap(({ path, length }): Encodable[] => {
    const padding = (pieceLength - length % pieceLength) % pieceLength;
    const file = { length, path };
    if (padding === 0) return [file];
    return [file, { attr: "p", length: padding, path: [".pad", String(padding)] }];
  });
}

/** The trees of the files that have data. */
function treesOf({ files, pieceLength }: TorrentContent, nodes: Bytes): MerkleFile[] {
  if (pieceLength < MIN_PIECE_LENGTH || !Number.isInteger(Math.log2(pieceLength))) {
    throw new RangeError(`Expected pieces of a power of two from 16 KiB, got ${pieceLength}`);
  }
  for (let i = 1; i < files.length; i++) {
    if (precedes(files[i - 1]!.path, files[i]!.path)) continue;
    const path = files[i]!.path.join("/");
    throw new RangeError(`Expected files in the order of a file tree, got "${path}"`);
  }
  const trees: MerkleFile[] = [];
  let firstPiece = 0;
  for (const { length } of files) {
    if (length === 0) continue;
    const pieceCount = Math.ceil(length / pieceLength);
    const from = firstPiece * SHA256_SIZE;
    const layer = nodes.subarray(from, from + pieceCount * SHA256_SIZE);
    const level = pieceLevel(pieceLength);
    const root = pieceCount === 1 ? layer : merkleRoot(layer, level, fileHeight(length) - level);
    trees.push({ root, length, firstPiece, pieceCount });
    firstPiece += pieceCount;
  }
  if (nodes.length !== firstPiece * SHA256_SIZE) {
    throw new RangeError(`Expected ${firstPiece} piece nodes, got ${nodes.length / SHA256_SIZE}`);
  }
  return trees;
}

/** True when a file tree can have `a`, and then `b`. */
function precedes(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareBytes(utf8(a[i]!), utf8(b[i]!));
    if (order !== 0) return order < 0;
  }
  // the same, or one is a folder on the way to the other
  return false;
}

type Folder = Map<string, Folder | Encodable>;

/** `info.file tree`. */
function treeOf({ name, files }: TorrentContent, trees: readonly MerkleFile[]): Encodable {
  const root: Folder = new Map();
  let tree = 0;
  for (const { path, length } of files) {
    let folder = root;
    for (const component of path.length === 0 ? [name] : path) {
      const key = binaryString(utf8(component));
      const inside = folder.get(key);
      const next: Folder = inside instanceof Map ? inside : new Map();
      folder.set(key, next);
      folder = next;
    }
    const root32 = length === 0 ? undefined : trees[tree++]!.root;
    folder.set("", { length, "pieces root": root32 });
  }
  return root as ReadonlyMap<string, Encodable>;
}
