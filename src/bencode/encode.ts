// @ts-types="./bencode_npm.d.ts"
import bencode from "bencode";
import { binaryString, type Bytes, fromBinaryString } from "../base/mod.ts";

/**
 * What can be written. Text becomes UTF-8. Keys of an object are ASCII; keys of a map are raw bytes as
 * Latin-1 text, one character per byte, as the decoder gives them.
 */
export type Encodable =
  | number
  | string
  | Uint8Array
  | readonly Encodable[]
  | ReadonlyMap<string, Encodable>
  | { readonly [key: string]: Encodable | undefined };

/**
 * The canonical bencoding of `value` (BEP 3), keys in raw byte order; undefined entries are left out.
 * Throws `RangeError` on a number that is not a safe integer and on a key that is not as {@linkcode Encodable} says.
 */
export function encode(value: Encodable): Bytes {
  return bencode.encode(prepared(value));
}

/** A key of raw bytes; the package sorts keys by their text, which for Latin-1 is the order of the bytes. */
class RawKey extends Uint8Array<ArrayBuffer> {
  override toString(): string {
    return binaryString(this);
  }
}

/** `value` with keys the package writes as they are, after the checks it does not make itself. */
function prepared(value: Encodable): unknown {
  if (typeof value === "number") {
    // it would write a fraction as another number and say so only on the console
    if (!Number.isSafeInteger(value)) throw new RangeError(`Expected a safe integer, got ${value}`);
    return value;
  }
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(prepared);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const highest = value instanceof Map ? 0xff : 0x7f;
  return new Map(
    entries.filter(([, entry]) => entry !== undefined).map(([key, entry]) => [
      rawKey(key, highest),
      prepared(entry),
    ]),
  );
}

function rawKey(key: string, highest: number): RawKey {
  for (let i = 0; i < key.length; i++) {
    if (key.charCodeAt(i) > highest) {
      throw new RangeError(`Expected a key of characters up to ${highest}, got "${key}"`);
    }
  }
  return new RawKey(fromBinaryString(key).buffer);
}
