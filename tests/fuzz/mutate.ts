import { type Bytes, concat, type Random, randomBytes, utf8 } from "../../src/base/mod.ts";

const MAX_LENGTH = 64 * 1024;
/** Bytes that mean something to some decoder. */
const TELLING = [0x00, 0x01, 0x7f, 0x80, 0xff, ...utf8("idle:0-9.[]/\\%")];
/** Runs that do. */
const TOKENS = [
  ..."de|le|i0e|i-1e|0:|1:a|i9007199254740993e|99999999999:|../|..|::ffff:|::".split("|"),
].map(utf8);

/** A corpus entry after one to four small changes, or now and then plain noise. */
export function mutate(corpus: readonly Bytes[], random: Random): Bytes {
  if (random.below(32) === 0) return randomBytes(random.below(128), random);
  let bytes = pick(corpus, random).slice();
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    bytes = changed(bytes, corpus, random);
  }
  return bytes.slice(0, MAX_LENGTH);
}

/** One of `items`. */
export function pick<T>(items: readonly T[], random: Random): T {
  return items[random.below(items.length)]!;
}

function changed(bytes: Bytes, corpus: readonly Bytes[], random: Random): Bytes {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.below(16));
  const insert = (part: Uint8Array) => concat(bytes.subarray(0, at), part, bytes.subarray(at));
  switch (random.below(9)) {
    case 0:
      if (at < bytes.length) bytes[at]! ^= 1 << random.below(8);
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = pick(TELLING, random);
      return bytes;
    case 2:
      // a nearby number: lengths and counts that are off by a little
      if (at < bytes.length) bytes[at]! += random.below(2) === 0 ? 1 : -1;
      return bytes;
    case 3:
      return insert(pick(TOKENS, random));
    case 4:
      return insert(randomBytes(1 + random.below(8), random));
    case 5:
      return insert(bytes.subarray(at, end));
    case 6:
      return concat(bytes.subarray(0, at), bytes.subarray(end));
    case 7:
      return bytes.slice(0, at);
    default: {
      const other = pick(corpus, random);
      return concat(bytes.subarray(0, at), other.subarray(random.below(other.length + 1)));
    }
  }
}
