/**
 * Reading answers: who answers may be anybody. What is missing gets a fallback, as managers differ in what they know;
 * what is there and of another type is an error.
 */
import { RemoteError } from "./errors.ts";

/** An object of an answer. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** `value` as an object; `what` names it in the error. Throws {@linkcode RemoteError}. */
export function asObject(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw mismatch("an object", what, value);
}

/** A number that arithmetic is exact on. */
export function number(from: JsonObject, key: string, fallback = 0): number {
  const value = own(from, key);
  if (value === undefined) return fallback;
  if (typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw mismatch("a number", key, value);
}

/** A whole number of 0 or more: sizes and counts. */
export function count(from: JsonObject, key: string, fallback = 0): number {
  const value = number(from, key, fallback);
  if (Number.isInteger(value) && value >= 0) return value;
  throw mismatch("a whole number", key, value);
}

/** A text; long ones are cut, no honest one is so long. */
export function text(from: JsonObject, key: string, fallback = ""): string {
  const value = own(from, key);
  if (value === undefined) return fallback;
  if (typeof value === "string") return value.slice(0, 65_536);
  throw mismatch("a text", key, value);
}

/** True or false, which some managers write as 1 and 0. */
export function flag(from: JsonObject, key: string, fallback = false): boolean {
  const value = own(from, key);
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  throw mismatch("true or false", key, value);
}

/** A list, each entry read by `read`. */
export function list<T>(from: JsonObject, key: string, read: (value: unknown) => T): T[] {
  const value = own(from, key);
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map(read);
  throw mismatch("a list", key, value);
}

/** A list of objects. */
export function objects<T>(from: JsonObject, key: string, read: (value: JsonObject) => T): T[] {
  return list(from, key, (value) => read(asObject(value, key)));
}

/** A list of texts. */
export function texts(from: JsonObject, key: string): string[] {
  return list(from, key, (value) => text({ [key]: value }, key));
}

/** The object under `key`, empty when there is none. */
export function object(from: JsonObject, key: string): JsonObject {
  const value = own(from, key);
  return value === undefined ? {} : asObject(value, key);
}

/** True when the answer has the field at all. */
export function has(from: JsonObject, key: string): boolean {
  return own(from, key) !== undefined;
}

/** Null is as good as missing. */
function own(from: JsonObject, key: string): unknown {
  return Object.hasOwn(from, key) ? from[key] ?? undefined : undefined;
}

function mismatch(expected: string, what: string, value: unknown): RemoteError {
  const got = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  return new RemoteError(
    "bad-answer",
    `The manager's answer makes no sense: expected ${expected} as ${what}, got ${
      typeof value === "number" ? value : got
    }`,
  );
}
