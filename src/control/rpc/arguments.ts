/** Arguments of a call as they come: every one is checked when it is read. */
import { RpcCode, RpcError, wrong } from "./rpc_error.ts";
import { snake } from "./names.ts";

/** Most entries of a list of torrents, files, labels or trackers. */
const MAX_ENTRIES = 100_000;
/** Characters of a path, a URL or a label. */
const MAX_TEXT = 4096;

/** The arguments of one call; names are those of rpc-version 16, and both forms are found. Null counts as not given. */
export class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;

  /** Throws {@linkcode RpcError} when it is no object. */
  constructor(values: unknown = {}) {
    if (typeof values !== "object" || values === null || Array.isArray(values)) {
      throw new RpcError(RpcCode.params, "Expected an object of arguments");
    }
    this.#values = values as Readonly<Record<string, unknown>>;
  }

  /** Undefined when it is not given. */
  get(name: string): unknown {
    for (const key of [name, snake(name)]) {
      // a name such as `constructor` is not inherited
      if (Object.hasOwn(this.#values, key) && this.#values[key] !== null) return this.#values[key];
    }
    return undefined;
  }

  /** What `read` makes of it; undefined when it is not given. */
  read<T>(name: string, read: Reader<T>): T | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : read(value, name);
  }
}

/** Checks one value; `name` is for the error, an {@linkcode RpcError}. */
export type Reader<T> = (value: unknown, name: string) => T;

/** True, false, and the 1 and 0 that some clients send. */
export const aBoolean: Reader<boolean> = (value, name) => {
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  throw wrong(name, "true or false");
};

/** A whole number in a range. */
export function anInteger(low: number, high: number): Reader<number> {
  return (value, name) => {
    if (Number.isSafeInteger(value) && Number(value) >= low && Number(value) <= high) {
      return Number(value);
    }
    const values = { least: low, most: high };
    throw wrong(name, `a whole number from ${low} to ${high}`, { code: "out-of-range", values });
  };
}

/** A number that is not negative. */
export const aNumber: Reader<number> = (value, name) => {
  if (typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
  const values = { least: 0, most: Number.MAX_SAFE_INTEGER };
  throw wrong(name, "a number of 0 or more", { code: "out-of-range", values });
};

/** A short text without control characters of its own kind: a path, a URL, a label. */
export const aText: Reader<string> = (value, name) => {
  if (typeof value !== "string") throw wrong(name, "a text");
  if (value.length > MAX_TEXT) {
    const values = { count: MAX_TEXT };
    throw wrong(name, `at most ${MAX_TEXT} characters`, { code: "text-too-long", values });
  }
  if (value.includes("\0")) throw wrong(name, "a text without NUL");
  return value;
};

/** A list of what `read` reads. */
export function aList<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw wrong(name, "a list");
    if (value.length > MAX_ENTRIES) throw wrong(name, `at most ${MAX_ENTRIES} entries`);
    return value.map((entry) => read(entry, name));
  };
}

/** One of the values at its index, as the RPC numbers them. */
export function aChoice<T>(choices: Readonly<Record<number, T>>): Reader<T> {
  return (value, name) => {
    const choice = typeof value === "number" ? choices[value] : undefined;
    if (choice === undefined) throw wrong(name, `one of ${Object.keys(choices).join(", ")}`);
    return choice;
  };
}

/** One of some words. */
export function aWord(words: readonly string[]): Reader<string> {
  return (value, name) => {
    if (typeof value === "string" && words.includes(value)) return value;
    throw wrong(name, `one of ${[...new Set(words)].join(", ")}`);
  };
}

/** Bytes a second of a limit in units of 1000. */
export const aSpeed: Reader<number> = (value, name) => anInteger(0, 1e9)(value, name) * 1000;

/** Bytes. */
export const aSize: Reader<number> = anInteger(0, Number.MAX_SAFE_INTEGER);
