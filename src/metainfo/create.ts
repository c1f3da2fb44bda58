import type { Bytes } from "../base/mod.ts";
import { type Encodable, encode } from "../bencode/mod.ts";

const MIN_PIECE_LENGTH = 16 * 1024;
const MAX_CHOSEN_PIECE_LENGTH = 16 * 1024 * 1024;
/** Above so many pieces the next larger piece is chosen. */
const MAX_CHOSEN_PIECES = 2048;

/** What a new torrent holds. */
export interface TorrentContent {
  /** The file's or the folder's name. */
  readonly name: string;
  /** Files in the order their bytes were hashed; `path` below the folder. A single file that is no folder has an empty path. */
  readonly files: readonly { readonly path: readonly string[]; readonly length: number }[];
  /** Bytes of a piece. */
  readonly pieceLength: number;
  /** 20 bytes a piece, in order. */
  readonly pieceHashes: Bytes;
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
 * The bytes of a v1 torrent file (BEP 3), canonical: the same content gives the same bytes, so the same info hash.
 * Throws `RangeError` when the piece hashes do not match the lengths or there is nothing to share.
 */
export function createTorrent(content: TorrentContent, options: TorrentOptions = {}): Bytes {
  const { trackers = [], webseeds = [] } = options;
  const urls = trackers.flat();
  return encode({
    announce: urls[0],
    // a list of one says nothing that `announce` does not
    "announce-list": urls.length > 1 ? trackers.filter((tier) => tier.length > 0) : undefined,
    comment: options.comment,
    "created by": options.createdBy,
    "creation date": options.creationDate,
    info: infoOf(content, options.private ?? false),
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

function infoOf(content: TorrentContent, isPrivate: boolean): Encodable {
  const { name, files, pieceLength, pieceHashes } = content;
  const total = files.reduce((sum, file) => sum + file.length, 0);
  const pieces = Math.ceil(total / pieceLength);
  if (total === 0) throw new RangeError("Expected at least 1 byte to share, got 0");
  if (pieceHashes.length !== pieces * 20) {
    throw new RangeError(`Expected ${pieces} piece hashes, got ${pieceHashes.length / 20}`);
  }
  const single = files.length === 1 && files[0]!.path.length === 0;
  if (!single && files.some((file) => file.path.length === 0)) {
    throw new RangeError("Expected a path for every file of a folder, got an empty one");
  }
  return {
    files: single ? undefined : files.map(({ path, length }) => ({ length, path })),
    length: single ? total : undefined,
    name,
    "piece length": pieceLength,
    pieces: pieceHashes,
    private: isPrivate ? 1 : undefined,
  };
}
