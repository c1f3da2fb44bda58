import { assertEquals } from "@std/assert";
import { fromBinaryString, type Random } from "../../src/base/mod.ts";
import { BencodeError, type Bvalue, decode } from "../../src/bencode/mod.ts";
import { encodeValue, hasBigint, valueCount } from "../bencode/values.ts";
import { fuzz } from "./harness.ts";
import { pick } from "./mutate.ts";

const CORPUS = [
  "i0e",
  "i-42e",
  "i9223372036854775807e",
  "0:",
  "5:hello",
  "le",
  "li1e2:abli2eee",
  "de",
  "d1:ai1e1:bl1:xee",
  "d4:infod6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee",
  "d5:\x00\xff:\x80\x01i7ee",
].map(fromBinaryString);

/** Text that is bencode but for its dictionaries, whose few keys come in any order and more than once. */
function nearlyBencode(random: Random, depth = 0): string {
  const several = (one: () => string) => Array.from({ length: random.below(4) }, one).join("");
  switch (random.below(depth < 4 ? 4 : 2)) {
    case 0:
      return `i${random.below(8) === 0 ? "-" : ""}${random.below(3)}e`;
    case 1:
      return pick(["0:", "1:a", "2:\xff\x00", "01:a"], random);
    case 2:
      return `l${several(() => nearlyBencode(random, depth + 1))}e`;
    default: {
      const keys = ["0:", "1:a", "1:b", "2:ab", "1:\xff"];
      return `d${several(() => pick(keys, random) + nearlyBencode(random, depth + 1))}e`;
    }
  }
}

fuzz<Bvalue>({
  name: "bencode that is accepted encodes back to the same bytes",
  corpus: CORPUS,
  generate: (random) => fromBinaryString(nearlyBencode(random)),
  decode: (bytes) => decode(bytes),
  refusals: [BencodeError],
  size: valueCount,
  check: (value, bytes) => {
    assertEquals([value.start, value.end], [0, bytes.length]);
    if (!hasBigint(value)) assertEquals(encodeValue(value), bytes);
  },
});

fuzz<Bvalue>({
  name: "bencode read leniently keeps its values inside the input",
  corpus: [...CORPUS, fromBinaryString("d1:bi1e1:ai2ee"), fromBinaryString("i1etrailing")],
  decode: (bytes) => decode(bytes, { sorted: false, prefix: true, maxDepth: 8, maxValues: 64 }),
  refusals: [BencodeError],
  size: (value) => value.end,
  check: (value) => assertEquals(valueCount(value) <= 64, true),
});
