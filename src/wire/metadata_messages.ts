/** Metadata exchange (BEP 9, `ut_metadata`): the info dictionary in pieces, from peers. */
import { asDictionary, asInteger, decode, encode } from "../bencode/mod.ts";
import { type Bytes, concat, ProtocolError } from "../base/mod.ts";

/** Bytes of a metadata piece; only the last is shorter. */
export const METADATA_PIECE = 16 * 1024;
/** The largest info dictionary exchanged, in bytes. */
export const MAX_METADATA = 32 * 1024 * 1024;

/** A message of `ut_metadata`; the number of pieces is that of the size they are of. */
export type MetadataMessage =
  | { readonly type: "metadata-request"; readonly piece: number }
  /** A piece of a dictionary of `totalSize` bytes; `data` has the right length, and is valid during the call only. */
  | {
    readonly type: "metadata-data";
    readonly piece: number;
    readonly totalSize: number;
    readonly data: Bytes;
  }
  /** The peer has not, or will not. */
  | { readonly type: "metadata-reject"; readonly piece: number };

const MOST_PIECES = MAX_METADATA / METADATA_PIECE;
const Kind = { Request: 0, Data: 1, Reject: 2 } as const;

/** How many pieces an info dictionary of `size` bytes has. */
export function metadataPieces(size: number): number {
  return Math.ceil(size / METADATA_PIECE);
}

/** Bytes of a piece of an info dictionary of `size` bytes. */
export function metadataPieceSize(size: number, piece: number): number {
  return Math.min(METADATA_PIECE, size - piece * METADATA_PIECE);
}

/**
 * Reads a message: a dictionary, and behind that of a piece its bytes. Null for a kind from the future, which BEP 9 has
 * passed over. Throws {@linkcode ProtocolError} when a number is missing or out of range, or bytes are too many or few.
 */
export function readMetadata(payload: Bytes): MetadataMessage | null {
  const { entries, end } = readHead(payload);
  const kind = asInteger(entries.get("msg_type"), 0, 255);
  if (kind === null) throw new ProtocolError("Expected a msg_type from 0 to 255 in ut_metadata");
  if (kind > Kind.Reject) return null;
  const piece = asInteger(entries.get("piece"), 0, MOST_PIECES - 1);
  if (piece === null) {
    throw new ProtocolError(`Expected a piece below ${MOST_PIECES} in ut_metadata`);
  }
  if (kind === Kind.Data) return readData(entries, piece, payload.subarray(end));
  if (end !== payload.length) {
    throw new ProtocolError(`Expected no data behind a ut_metadata message of type ${kind}`);
  }
  return { type: kind === Kind.Request ? "metadata-request" : "metadata-reject", piece };
}

/** The payload that asks for a piece. */
export function encodeMetadataRequest(piece: number): Bytes {
  return encode({ msg_type: Kind.Request, piece });
}

/** The payload that refuses a piece. */
export function encodeMetadataReject(piece: number): Bytes {
  return encode({ msg_type: Kind.Reject, piece });
}

/** The payload that is a piece of `metadata`, the whole info dictionary. */
export function encodeMetadataData(metadata: Bytes, piece: number): Bytes {
  const at = piece * METADATA_PIECE;
  return concat(
    encode({ msg_type: Kind.Data, piece, total_size: metadata.length }),
    metadata.subarray(at, at + METADATA_PIECE),
  );
}

type Entries = NonNullable<ReturnType<typeof asDictionary>>;

function readHead(payload: Bytes): { entries: Entries; end: number } {
  let head;
  try {
    head = decode(payload, {
      prefix: true,
      sorted: false,
      maxDepth: 4,
      maxValues: 50,
      maxString: 1024,
    });
  } catch {
    head = undefined;
  }
  const entries = asDictionary(head);
  if (head === undefined || entries === null) {
    throw new ProtocolError("Expected a bencoded dictionary in ut_metadata");
  }
  return { entries, end: head.end };
}

function readData(entries: Entries, piece: number, data: Bytes): MetadataMessage {
  const totalSize = asInteger(entries.get("total_size"), 1, MAX_METADATA);
  if (totalSize === null || piece >= metadataPieces(totalSize)) {
    throw new ProtocolError("Expected a piece inside the total_size of its ut_metadata message");
  }
  const expected = metadataPieceSize(totalSize, piece);
  if (data.length !== expected) {
    throw new ProtocolError(`Expected ${expected} bytes of metadata, got ${data.length}`);
  }
  return { type: "metadata-data", piece, totalSize, data };
}
