import { MetainfoError } from "../base/mod.ts";
import { asBytes, asDictionary, asInteger, asList, type Bvalue } from "../bencode/mod.ts";
import { decoded } from "./path_tree.ts";

/** Characters of a path in an error. */
const MOST_SHOWN = 200;

/** A field's value, which may be missing, and its path for errors (`info.files[3].length`; empty for the root). */
export class Field {
  readonly #parent: Field | null;
  readonly #step: string | number;

  /** The entry (a text) or item (a number) `step` of `parent`. */
  private constructor(
    parent: Field | null,
    step: string | number,
    readonly value: Bvalue | undefined,
  ) {
    this.#parent = parent;
    this.#step = step;
  }

  /** The field that is not part of another. */
  static root(value: Bvalue): Field {
    return new Field(null, "", value);
  }

  /** Put together only when an error needs it: a torrent can have millions of fields. */
  get path(): string {
    const parent = this.#parent?.path ?? "";
    if (typeof this.#step === "number") return `${parent}[${this.#step}]`;
    // of a file tree the names are strangers'
    const step = this.#step === "" && this.#parent !== null ? '""' : decoded(this.#step);
    return parent === "" ? step : `${parent}.${step}`;
  }

  get missing(): boolean {
    return this.value === undefined;
  }

  /** The entry `key` of a dictionary; throws when this is none. */
  entry(key: string): Field {
    const entries = asDictionary(this.value);
    if (entries === null) throw this.fault("a dictionary");
    return new Field(this, key, entries.get(key));
  }

  /** The items of a list; throws when this is none. */
  *items(): Generator<Field> {
    const items = asList(this.value);
    if (items === null) throw this.fault("a list");
    for (const [i, item] of items.entries()) yield new Field(this, i, item);
  }

  /** How many items a list has; throws when this is none. */
  get count(): number {
    const items = asList(this.value);
    if (items === null) throw this.fault("a list");
    return items.length;
  }

  /** The bytes of a string; throws when this is none. */
  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = asBytes(this.value);
    if (bytes === null) throw this.fault("a string");
    return bytes;
  }

  /** An integer from `min` to `max`; throws when this is none. */
  integer(min: number, max: number): number {
    const integer = asInteger(this.value, min, max);
    if (integer === null) throw this.fault(`an integer from ${min} to ${max}`);
    return integer;
  }

  /** The error that this field should have been `expected`; `found` by default describes what it is. */
  fault(expected: string, found: string = describe(this.value)): MetainfoError {
    const path = this.path;
    const where = path === "" ? "" : ` in "${shortened(path)}"`;
    return new MetainfoError(path, `Expected ${expected}${where}, got ${found}`);
  }
}

function shortened(path: string): string {
  return path.length > MOST_SHOWN ? `${path.slice(0, MOST_SHOWN).toWellFormed()}…` : path;
}

function describe(value: Bvalue | undefined): string {
  switch (value?.kind) {
    case undefined:
      return "nothing";
    case "integer":
      return String(value.value);
    case "string":
      return `a string of ${value.length} bytes`;
    case "list":
      return `a list of ${value.items.length}`;
    case "dictionary":
      return "a dictionary";
  }
}
