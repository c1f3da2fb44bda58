/** Hashes of Merkle trees that peers ask each other for (BEP 52, messages 21, 22 and 23). */
import {
  type Bytes,
  concat,
  ProtocolError,
  readUint32,
  SHA256_SIZE,
  writeUint32,
} from "../base/mod.ts";
import { Message } from "./messages.ts";

/** Some hashes of one level of a file's tree, and what leads from them towards the root. */
export interface HashSpan {
  /** The file's root, 32 bytes. */
  readonly root: Bytes;
  /** Levels above the leaves. */
  readonly base: number;
  /** The first one in its level, a multiple of `length`. */
  readonly index: number;
  /** How many, a power of two. */
  readonly length: number;
  /** Levels above `base` whose hashes are to come along where they do not follow from those asked for. */
  readonly proofs: number;
}

/** What a peer says of hashes. */
export type HashEvent =
  | { readonly type: "hash-request"; readonly span: HashSpan }
  /** `hashes`: those of the span, then the uncles from below, 32 bytes each. */
  | { readonly type: "hashes"; readonly span: HashSpan; readonly hashes: Bytes }
  | { readonly type: "hash-reject"; readonly span: HashSpan };

const SPAN_SIZE = SHA256_SIZE + 16;
/** Of one message; libtorrent's bound, 128 MiB of leaves. */
const MAX_SPAN = 8192;
/** A tree over 2⁵³ bytes has fewer levels. */
const MAX_LEVEL = 40;

/** True for the ids of the three messages. */
export function isHashMessage(id: number): boolean {
  return id === Message.HashRequest || id === Message.Hashes || id === Message.HashReject;
}

/** The payload that names a span: of a request and a reject, and the begin of the hashes. */
export function encodeHashSpan({ root, base, index, length, proofs }: HashSpan): Bytes {
  const out = new Uint8Array(SPAN_SIZE);
  out.set(root);
  [base, index, length, proofs].forEach((value, i) => writeUint32(out, SHA256_SIZE + 4 * i, value));
  return out;
}

/** The payload that answers a request. */
export function encodeHashes(span: HashSpan, hashes: Bytes): Bytes {
  return concat(encodeHashSpan(span), hashes);
}

/** How many uncles come with a span: one of each level from where its hashes have become one node to the last proof. */
export function uncleCount({ length, proofs }: Pick<HashSpan, "length" | "proofs">): number {
  return Math.max(0, proofs - Math.log2(length) + 1);
}

/** Reads one of the three messages; keeps nothing of `payload`. Throws `ProtocolError`. */
export function readHashMessage(id: number, payload: Bytes): HashEvent {
  if (payload.length < SPAN_SIZE) {
    throw new ProtocolError(`Expected ${SPAN_SIZE} bytes in message ${id}, got ${payload.length}`);
  }
  const span = readSpan(payload);
  const rest = payload.length - SPAN_SIZE;
  const expected = id === Message.Hashes ? (span.length + uncleCount(span)) * SHA256_SIZE : 0;
  if (rest !== expected) {
    throw new ProtocolError(`Expected ${expected} bytes of hashes in message ${id}, got ${rest}`);
  }
  if (id === Message.Hashes) return { type: "hashes", span, hashes: payload.slice(SPAN_SIZE) };
  return { type: id === Message.HashRequest ? "hash-request" : "hash-reject", span };
}

function readSpan(payload: Bytes): HashSpan {
  const number = (i: number) => readUint32(payload, SHA256_SIZE + 4 * i);
  const [base, index, length, proofs] = [number(0), number(1), number(2), number(3)];
  const isPower = length > 0 && length <= MAX_SPAN && (length & (length - 1)) === 0;
  if (!isPower || index % length !== 0 || base > MAX_LEVEL || proofs > MAX_LEVEL) {
    throw new ProtocolError(
      `Expected hashes as BEP 52 has them, got ${length} from ${index} at level ${base}, ${proofs} proofs`,
    );
  }
  return { root: payload.slice(0, SHA256_SIZE), base, index, length, proofs };
}
