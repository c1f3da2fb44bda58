/** The four kinds of bencoded value, each with the span `start` … `end` it takes in the input. */
import type { Bytes } from "../base/mod.ts";

/** Where a value lies in the input, its type and length prefix included. */
export interface ValueSpan {
  /** Its first byte. */
  readonly start: number;
  /** The byte after its last. */
  readonly end: number;
}

/** A value as read. An integer is a `bigint` only beyond 2⁵³; dictionary keys are Latin-1 text, one character per byte. */
export type Bvalue =
  | (ValueSpan & { readonly kind: "integer"; readonly value: number | bigint })
  | StringValue
  | (ValueSpan & { readonly kind: "list"; readonly items: readonly Bvalue[] })
  | (ValueSpan & { readonly kind: "dictionary"; readonly entries: ReadonlyMap<string, Bvalue> });

/** A byte string. It keeps its place in the input alone: a view costs four times as much and few are looked at. */
export class StringValue implements ValueSpan {
  readonly kind = "string";
  readonly #input: Bytes;
  readonly #from: number;

  /** The string whose length starts at `start` and whose bytes are `from` … `end` of `input`. */
  constructor(input: Bytes, readonly start: number, from: number, readonly end: number) {
    this.#input = input;
    this.#from = from;
  }

  /** A view of the bytes in the input. */
  get bytes(): Bytes {
    return this.#input.subarray(this.#from, this.end);
  }

  /** How many bytes. */
  get length(): number {
    return this.end - this.#from;
  }
}

/** The entries of a dictionary, or null for any other value. */
export function asDictionary(value: Bvalue | undefined): ReadonlyMap<string, Bvalue> | null {
  return value?.kind === "dictionary" ? value.entries : null;
}

/** The items of a list, or null for any other value. */
export function asList(value: Bvalue | undefined): readonly Bvalue[] | null {
  return value?.kind === "list" ? value.items : null;
}

/** The bytes of a string, or null for any other value. */
export function asBytes(value: Bvalue | undefined): Bytes | null {
  return value?.kind === "string" ? value.bytes : null;
}

/** An integer from `min` to `max` (by default 0 … 2⁵³ − 1), or null for any other value. */
export function asInteger(
  value: Bvalue | undefined,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
): number | null {
  if (value?.kind !== "integer" || typeof value.value !== "number") return null;
  return value.value >= min && value.value <= max ? value.value : null;
}
