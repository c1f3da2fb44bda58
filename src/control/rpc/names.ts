/**
 * Names in both forms of the RPC: the mixture that Transmission grew (`torrent-get`, `hashString`, `peer-limit`) and
 * the `snake_case` of its version 4.1. The code says the former; the latter follows from it.
 */
import type { Json } from "./json.ts";

const known = new Map<string, string>();
/** Names are a few hundred; what a stranger asks for must not fill the memory. */
const MAX_KNOWN = 1000;

/** The form of 4.1: `isUTP` is `is_utp`, `files-wanted` is `files_wanted`. */
export function snake(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  const form = name
    .replaceAll("-", "_")
    .replace(/([a-z0-9])([A-Z]+)/g, (_, end: string, start: string) => `${end}_${start}`)
    .toLowerCase();
  if (known.size < MAX_KNOWN) known.set(name, form);
  return form;
}

/** The same with every key of every object in that form; values stay. */
export function snakeKeys(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map(snakeKeys);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [snake(key), snakeKeys(inner)]),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Things by their names in both forms. */
export function byName<T extends { readonly name: string }>(
  things: readonly T[],
): ReadonlyMap<string, T> {
  return new Map(things.flatMap((thing) => [[thing.name, thing], [snake(thing.name), thing]]));
}
