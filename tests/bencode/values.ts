import type { Bytes } from "../../src/base/mod.ts";
import { type Bvalue, type Encodable, encode } from "../../src/bencode/mod.ts";

/** A decoded value as the encoder takes it; a `bigint` cannot be written. */
export function encodable(value: Bvalue): Encodable {
  switch (value.kind) {
    case "integer":
      return value.value as number;
    case "string":
      return value.bytes;
    case "list":
      return value.items.map(encodable);
    case "dictionary":
      return new Map([...value.entries].map(([key, entry]) => [key, encodable(entry)]));
  }
}

/** The bencoding of a decoded value. */
export function encodeValue(value: Bvalue): Bytes {
  return encode(encodable(value));
}

/** How many values there are in `value`, itself included. */
export function valueCount(value: Bvalue): number {
  return 1 + children(value).reduce((sum, child) => sum + valueCount(child), 0);
}

/** True when an integer somewhere in `value` is beyond 2⁵³. */
export function hasBigint(value: Bvalue): boolean {
  if (value.kind === "integer") return typeof value.value === "bigint";
  return children(value).some(hasBigint);
}

function children(value: Bvalue): readonly Bvalue[] {
  if (value.kind === "list") return value.items;
  return value.kind === "dictionary" ? [...value.entries.values()] : [];
}
