import { assert } from "@std/assert";
import { binaryString, utf8 } from "../../src/base/mod.ts";
import { parseContentRange, parseRetryAfter, readHead } from "../../src/net/webseed_answer.ts";
import { WebseedError } from "../../src/swarm/mod.ts";
import { fuzz } from "./harness.ts";

const PART = { from: 100, to: 900, size: 1000 };

fuzz({
  name: "Content-Range gives a range of a file or nothing",
  corpus: ["bytes 0-0/1", "bytes 100-899/1000", "bytes 5-9/*"].map(utf8),
  decode: (bytes) => parseContentRange(binaryString(bytes)),
  check: ({ from, to, size }) => {
    assert(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to > from);
    assert(size === null || (Number.isSafeInteger(size) && to <= size));
  },
});

fuzz({
  name: "Retry-After gives a time that is not past, or nothing",
  corpus: ["120", "Thu, 01 Jan 2026 00:01:00 GMT"].map(utf8),
  decode: (bytes) => parseRetryAfter(binaryString(bytes), 1e12),
  check: (wait) => assert(Number.isFinite(wait) && wait >= 0),
});

fuzz({
  name: "the head of a web server's answer never gives more than was asked for",
  corpus: [
    "206\ncontent-range: bytes 100-899/1000\ncontent-length: 800",
    "206\ncontent-range: bytes 100-499/*",
    "206\ncontent-encoding: identity\ncontent-range: bytes 100-899/1000",
  ].map(utf8),
  decode: (bytes) => {
    const [status, ...lines] = binaryString(bytes).split("\n");
    const headers = new Map(lines.map((line) => {
      const at = line.indexOf(": ");
      return [line.slice(0, at), line.slice(at + 2)] as const;
    }));
    const head = { status: Number(status), header: (name: string) => headers.get(name) ?? null };
    return readHead(head, PART, false, 0);
  },
  refusals: [WebseedError],
  check: ({ skip, take, last }) => {
    assert(skip === 0 && take >= 1 && take <= PART.to - PART.from && last);
  },
});
