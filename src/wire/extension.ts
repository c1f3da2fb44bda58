/** The extension protocol's handshake (BEP 10): a dictionary of what each side speaks. */
import {
  asBytes,
  asDictionary,
  asInteger,
  decode,
  type Encodable,
  encode,
} from "../bencode/mod.ts";
import {
  type Bytes,
  formatAddress,
  fromUtf8Lossy,
  parseAddress,
  ProtocolError,
} from "../base/mod.ts";
import { MAX_METADATA } from "./metadata_messages.ts";

/** The id of the handshake among extension messages. */
export const EXTENSION_HANDSHAKE = 0;
const MAX_CLIENT_NAME = 60;

/** What a peer says of itself; null where it says nothing. */
export interface ExtensionHandshake {
  /** The number the peer gave each extension it speaks; 0 means switched off. */
  readonly ids: ReadonlyMap<string, number>;
  /** Client and version, printable, at most 60 characters. */
  readonly client: string | null;
  /** How many requests the peer queues before it drops some. */
  readonly requestQueue: number | null;
  /** The port it listens on. */
  readonly port: number | null;
  /** It will not download (BEP 21). */
  readonly uploadOnly: boolean | null;
  /** It would rather have connections encrypted (BEP 11). */
  readonly prefersEncryption: boolean;
  /** Our own address, as it sees it. */
  readonly ourAddress: string | null;
  /** Bytes of the info dictionary, which it has (BEP 9); null where it says nothing or more than is exchanged. */
  readonly metadataSize: number | null;
}

/** The payload of our handshake. */
export function encodeExtensionHandshake(
  mine: {
    ids: Readonly<Record<string, number>>;
    client: string;
    requestQueue: number;
    port: number | null;
    uploadOnly: boolean;
    /** The peer's address, as we see it. */
    theirAddress?: string;
    /** Null while we have no metadata. */
    metadataSize: number | null;
  },
): Bytes {
  const out: Record<string, Encodable> = { m: mine.ids, v: mine.client, reqq: mine.requestQueue };
  if (mine.port !== null) out.p = mine.port;
  if (mine.metadataSize !== null) out.metadata_size = mine.metadataSize;
  if (mine.uploadOnly) out.upload_only = 1;
  const theirs = parseAddress(mine.theirAddress ?? "");
  if (theirs !== null) out.yourip = theirs;
  return encode(out);
}

/** Reads a peer's handshake. Unknown and ill-typed entries are passed over; throws {@linkcode ProtocolError} on no dictionary. */
export function decodeExtensionHandshake(payload: Bytes): ExtensionHandshake {
  let entries;
  try {
    entries = asDictionary(
      decode(payload, { sorted: false, maxDepth: 8, maxValues: 1000, maxString: 65536 }),
    );
  } catch {
    entries = null;
  }
  if (entries === null) {
    throw new ProtocolError("Expected a bencoded dictionary in the extension handshake");
  }
  const ids = new Map<string, number>();
  for (const [name, value] of asDictionary(entries.get("m")) ?? []) {
    const id = asInteger(value, 0, 255);
    if (id !== null && ids.size < 100) ids.set(name.slice(0, 40), id);
  }
  const client = asBytes(entries.get("v"));
  const ours = asBytes(entries.get("yourip"));
  const uploadOnly = asInteger(entries.get("upload_only"), 0, 1);
  return {
    ids,
    client: client === null ? null : printable(client),
    requestQueue: asInteger(entries.get("reqq"), 1, 1_000_000),
    port: asInteger(entries.get("p"), 1, 65535),
    uploadOnly: uploadOnly === null ? null : uploadOnly === 1,
    prefersEncryption: asInteger(entries.get("e"), 0, 255) === 1,
    ourAddress: ours?.length === 4 || ours?.length === 16 ? formatAddress(ours) : null,
    metadataSize: asInteger(entries.get("metadata_size"), 1, MAX_METADATA),
  };
}

/** A peer's text made safe for a terminal. */
function printable(bytes: Uint8Array): string {
  const text = fromUtf8Lossy(bytes.subarray(0, 4 * MAX_CLIENT_NAME));
  const shown = [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "")];
  // whole characters: half a surrogate pair is no text
  return shown.slice(0, MAX_CLIENT_NAME).join("").trim();
}
