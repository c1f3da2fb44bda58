// @ts-types="./bencode_npm.d.ts"
import bencode from "bencode";
import type { Bytes } from "../base/mod.ts";

/** What can be written: text becomes UTF-8, a map's keys are ASCII or Latin-1 text of raw bytes. */
export type Encodable =
  | number
  | string
  | Uint8Array
  | readonly Encodable[]
  | { readonly [key: string]: Encodable | undefined };

/**
 * The canonical bencoding of `value` (BEP 3); dictionary keys must be ASCII, undefined entries are left out.
 * Throws `RangeError` on a number that is not a safe integer.
 */
export function encode(value: Encodable): Bytes {
  check(value);
  return bencode.encode(value);
}

/** The package would write a fraction as another number and says so only on the console. */
function check(value: Encodable | undefined): void {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new RangeError(`Expected a safe integer, got ${value}`);
  } else if (Array.isArray(value)) {
    value.forEach(check);
  } else if (typeof value === "object" && !(value instanceof Uint8Array)) {
    Object.values(value).forEach(check);
  }
}
