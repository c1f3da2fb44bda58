import { assertEquals, assertThrows } from "@std/assert";
import { parseContentRange, parseRetryAfter, readHead } from "../../src/net/webseed_answer.ts";
import { WebseedError } from "../../src/swarm/mod.ts";

/** Bytes 100 to 199 of 1,000. */
const PART = { from: 100, to: 200, size: 1000 };
const ALL = { from: 0, to: 1000, size: 1000 };

function read(status: number, headers: Record<string, string>, part = PART, whole = false) {
  return readHead({ status, header: (name) => headers[name] ?? null }, part, whole, 0);
}

function fault(...args: Parameters<typeof read>) {
  const { fault, message, retryAfter } = assertThrows(() => read(...args), WebseedError);
  return { fault, message, retryAfter };
}

Deno.test("a part, a shorter part and a whole file are taken", () => {
  const range = { "content-range": "bytes 100-199/1000" };
  assertEquals(read(206, range), { skip: 0, take: 100, last: true });
  assertEquals(read(206, { ...range, "content-length": "100" }).take, 100);
  assertEquals(read(206, { "content-range": "bytes 100-149/*" }).take, 50);
  assertEquals(read(200, { "content-length": "1000" }, ALL), { skip: 0, take: 1000, last: true });
  assertEquals(read(200, {}, PART, true), { skip: 100, take: 100, last: false });
});

Deno.test("an answer that does not fit the request is refused, and the fault is named", () => {
  const cases: [Record<string, string>, string][] = [
    [{}, "answers-badly"],
    [{ "content-range": "bytes 0-99/1000" }, "answers-badly"],
    [{ "content-range": "bytes 100-200/1000" }, "answers-badly"],
    [{ "content-range": "bytes 100-199/1001" }, "wrong-size"],
    [{ "content-range": "bytes 100-99/1000" }, "answers-badly"],
    [{ "content-range": "bytes 100-199/1000", "content-length": "101" }, "answers-badly"],
    [{ "content-range": "bytes 100-199/1000", "content-encoding": "gzip" }, "encoded"],
  ];
  for (const [headers, expected] of cases) {
    assertEquals(fault(206, headers).fault, expected, JSON.stringify(headers));
  }
  assertEquals(fault(200, { "content-length": "999" }, ALL).fault, "wrong-size");
  assertEquals(fault(200, { "content-length": "1000" }).fault, "no-ranges");
});

Deno.test("a status says what follows from it", () => {
  const faults = [404, 410, 403, 401, 400, 416, 408, 429, 503, 500, 502, 301, 204].map((status) =>
    fault(status, {}).fault
  );
  assertEquals(faults, [
    "missing",
    "missing",
    "forbidden",
    "forbidden",
    "forbidden",
    "wrong-size",
    "silent",
    "busy",
    "busy",
    "trouble",
    "trouble",
    "answers-badly",
    "answers-badly",
  ]);
  assertEquals(fault(503, { "retry-after": "120" }).retryAfter, 120_000);
});

Deno.test("Content-Range is read strictly", () => {
  assertEquals(parseContentRange("bytes 0-0/1"), { from: 0, to: 1, size: 1 });
  assertEquals(parseContentRange(" BYTES  5-9/* "), { from: 5, to: 10, size: null });
  const bad = ["", "bytes 5-4/10", "bytes 0-10/10", "bytes -5/10", "bytes 0-1", "items 0-1/2"];
  for (const text of [...bad, "bytes 0-9999999999999999/*", "bytes 0-1/2, 3-4/5"]) {
    assertEquals(parseContentRange(text), null, text);
  }
});

Deno.test("Retry-After is seconds or a date", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assertEquals(parseRetryAfter("30", now), 30_000);
  assertEquals(parseRetryAfter("Thu, 01 Jan 2026 00:01:00 GMT", now), 60_000);
  assertEquals(parseRetryAfter("Thu, 01 Jan 2015 00:01:00 GMT", now), 0);
  for (const text of [null, "", "soon", "-5", "1e9", "9".repeat(12), `${"x".repeat(100)}`]) {
    assertEquals(parseRetryAfter(text, now), null, String(text));
  }
});
