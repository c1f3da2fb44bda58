/** The extensions we speak (BEP 10): what each is called, the number peers write to us with, how it is read. */
import {
  type Bytes,
  type PieceIndex,
  ProtocolError,
  readUint32,
  writeUint32,
} from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import { decodeExtensionHandshake, EXTENSION_HANDSHAKE } from "./extension.ts";
import type { ExtensionHandshake } from "./extension.ts";
import { type HolepunchMessage, readHolepunch } from "./holepunch_messages.ts";
import { type MetadataMessage, readMetadata } from "./metadata_messages.ts";
import { decodePex, type PexMessage } from "./pex_messages.ts";

/** An extension message, read and checked against the torrent. */
export type ExtensionEvent =
  | { readonly type: "extension-handshake"; readonly handshake: ExtensionHandshake }
  /** The peer will not download from now on, or will again (BEP 21). */
  | { readonly type: "upload-only"; readonly on: boolean }
  /** The peer has a piece no longer (BEP 54). */
  | { readonly type: "dont-have"; readonly piece: PieceIndex }
  /** The peer tells whom it is connected to (BEP 11). */
  | ({ readonly type: "pex" } & PexMessage)
  /** The peer arranges a meeting, or asks for one (BEP 55). */
  | { readonly type: "holepunch"; readonly message: HolepunchMessage }
  | MetadataMessage;

interface Extension {
  /** Ours, 1 … 255; the peer has a number of its own for us to use. */
  readonly id: number;
  readonly read: (payload: Bytes, geometry: Geometry) => ExtensionEvent | null;
  /** Can be read before the torrent's size is known; null when it cannot. */
  readonly early: ((payload: Bytes) => ExtensionEvent | null) | null;
}

/** An extension we speak, by the name both sides know it by. */
export type ExtensionName =
  | "upload_only"
  | "lt_donthave"
  | "ut_metadata"
  | "ut_pex"
  | "ut_holepunch";

const EXTENSIONS: Readonly<Record<ExtensionName, Extension>> = {
  upload_only: { id: 1, read: readUploadOnly, early: null },
  lt_donthave: { id: 2, read: readDontHave, early: null },
  ut_metadata: { id: 3, read: readMetadata, early: readMetadata },
  ut_pex: { id: 4, read: readPex, early: readPex },
  ut_holepunch: { id: 5, read: readMeeting, early: readMeeting },
};

/** The names, in the order of our numbers. */
export const EXTENSION_NAMES = Object.keys(EXTENSIONS) as readonly ExtensionName[];

/** The numbers we give them, for our handshake. */
export const OUR_EXTENSIONS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(EXTENSIONS).map(([name, { id }]) => [name, id]),
);

const byId = new Map<number, Extension>(
  Object.values(EXTENSIONS).map((extension) => [extension.id, extension]),
);

/** Reads a message that came with one of our numbers; null for a number we never gave. Throws {@linkcode ProtocolError}. */
export function readExtension(
  id: number,
  payload: Bytes,
  geometry: Geometry,
): ExtensionEvent | null {
  if (id === EXTENSION_HANDSHAKE) {
    return { type: "extension-handshake", handshake: decodeExtensionHandshake(payload) };
  }
  return byId.get(id)?.read(payload, geometry) ?? null;
}

/**
 * The same while the torrent's size is unknown. `later`: it must be kept and read again then, whether `event` says
 * something of it already or not.
 */
export function readEarlyExtension(
  id: number,
  payload: Bytes,
): { readonly event: ExtensionEvent | null; readonly later: boolean } {
  if (id === EXTENSION_HANDSHAKE) {
    const handshake = decodeExtensionHandshake(payload);
    return { event: { type: "extension-handshake", handshake }, later: true };
  }
  const early = byId.get(id)?.early;
  if (early === undefined) return { event: null, later: false };
  return early === null ? { event: null, later: true } : { event: early(payload), later: false };
}

/** The payload that says whether we download. */
export function encodeUploadOnly(on: boolean): Bytes {
  return new Uint8Array([on ? 1 : 0]);
}

/** The payload that takes back a `have`. */
export function encodeDontHave(piece: PieceIndex): Bytes {
  const out = new Uint8Array(4);
  writeUint32(out, 0, piece);
  return out;
}

/** One byte as libtorrent sends it; a number of four bytes means the same. */
function readUploadOnly(payload: Bytes): ExtensionEvent {
  if (payload.length !== 1 && payload.length !== 4) {
    throw new ProtocolError(`Expected 1 byte in upload_only, got ${payload.length}`);
  }
  return { type: "upload-only", on: payload.some((byte) => byte !== 0) };
}

function readDontHave(payload: Bytes, geometry: Geometry): ExtensionEvent {
  if (payload.length !== 4) {
    throw new ProtocolError(`Expected 4 bytes in lt_donthave, got ${payload.length}`);
  }
  const index = readUint32(payload, 0);
  const piece = geometry.piece(index);
  if (piece === null) {
    throw new ProtocolError(`Expected a piece below ${geometry.pieceCount}, got ${index}`);
  }
  return { type: "dont-have", piece };
}

function readMeeting(payload: Bytes): ExtensionEvent | null {
  const message = readHolepunch(payload);
  return message === null ? null : { type: "holepunch", message };
}

function readPex(payload: Bytes): ExtensionEvent {
  return { type: "pex", ...decodePex(payload) };
}
