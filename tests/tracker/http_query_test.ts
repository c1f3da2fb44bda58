import { assertEquals, assertThrows } from "@std/assert";
import { infoHash, peerId, TrackerError, utf8 } from "../../src/base/mod.ts";
import {
  announceUrl,
  parseAnnounceQuery,
  parseScrapeQuery,
  scrapeUrl,
} from "../../src/tracker/mod.ts";
import { percentDecode } from "../../src/tracker/http_query.ts";

const hash = infoHash(utf8("aaaaaaaaaaaaaaaaaaaa"));
const minimal = "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=6881";
const bad = (query: string) => assertThrows(() => parseAnnounceQuery(query), TrackerError).message;

Deno.test("the least announce is filled up with defaults", () => {
  assertEquals(parseAnnounceQuery(minimal), {
    infoHash: hash,
    peerId: peerId(utf8("bbbbbbbbbbbbbbbbbbbb")),
    port: 6881,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    event: null,
    numwant: 50,
    compact: true,
    noPeerId: false,
  });
});

Deno.test("what our client asks our server understands", () => {
  const request = {
    infoHash: infoHash(Uint8Array.from({ length: 20 }, (_, i) => i * 13)),
    peerId: peerId(Uint8Array.from({ length: 20 }, (_, i) => 255 - i)),
    port: 1,
    uploaded: 2 ** 53 - 1,
    downloaded: 5,
    left: 6,
    event: "completed" as const,
    numwant: 7,
    key: 8,
    trackerId: null,
  };
  const query = parseAnnounceQuery(announceUrl("http://t/announce", request).split("?")[1]!);
  const { key: _key, trackerId: _trackerId, ...same } = request;
  assertEquals(query, { ...same, compact: true, noPeerId: true });
  const scrape = scrapeUrl("http://t/announce", [request.infoHash, hash])!.split("?")[1]!;
  assertEquals(parseScrapeQuery(scrape), [request.infoHash, hash]);
});

Deno.test("unknown parameters and parts without = are ignored, empty ones count as missing", () => {
  const query = parseAnnounceQuery(
    `${minimal}&ip=10.0.0.1&flag&event=&numwant=&uploaded=&ipv6=%&ipv6=é`,
  );
  assertEquals([query.event, query.numwant, query.uploaded], [null, 50, 0]);
});

Deno.test("counters beyond 2^53 are capped, negative numwant means as many as usual", () => {
  const query = parseAnnounceQuery(`${minimal}&downloaded=18446744073709551615&numwant=-1`);
  assertEquals([query.downloaded, query.numwant], [Number.MAX_SAFE_INTEGER, 50]);
});

for (
  const [query, message] of [
    ["", "Expected info_hash, got none"],
    ["info_hash=abc", "Expected info_hash of 20 bytes, got 3"],
    ["info_hash=aaaaaaaaaaaaaaaaaaaa", "Expected peer_id, got none"],
    [minimal.replace("port=6881", "port=0"), "Expected port as a whole number from 1 up"],
    [minimal.replace("port=6881", "port=65536"), "Expected port up to 65535, got 65536"],
    [minimal.replace("port=6881", "port="), "Expected port as a whole number from 1 up"],
    [minimal.replace("&port=6881", ""), "Expected port, got none"],
    [`${minimal}&left=-1`, "Expected left as a whole number from 0 up"],
    [`${minimal}&left=1e3`, "Expected left as a whole number from 0 up"],
    [`${minimal}&left=0x10`, "Expected left as a whole number from 0 up"],
    [`${minimal}&left=${"9".repeat(30)}`, "Expected left as a whole number from 0 up"],
    [`${minimal}&event=begun`, "Expected event as started, completed or stopped"],
    [`${minimal}&port=1`, "Expected one port, got another"],
    [`${minimal}&left=%`, "Expected two hexadecimal digits after each % and no raw bytes"],
    [`${minimal}&left=%4`, "Expected two hexadecimal digits after each % and no raw bytes"],
    [`${minimal}&left=%zz`, "Expected two hexadecimal digits after each % and no raw bytes"],
    [`${minimal}&left=é`, "Expected two hexadecimal digits after each % and no raw bytes"],
    [`x=${"y".repeat(8_192)}`, "Expected a query of at most 8192 bytes, got 8194"],
    ["a=b&".repeat(101), "Expected at most 100 parameters, got more"],
  ] as const
) {
  Deno.test(`an announce of ${query.length} characters is refused: ${message} (${query.slice(-12)})`, () => {
    assertEquals(bad(query), message);
  });
}

Deno.test("a plus is a space, as in forms", () => {
  assertEquals(percentDecode("a+b%2B"), utf8("a b+"));
});

Deno.test("a scrape of everything is refused", () => {
  assertThrows(() => parseScrapeQuery(""), TrackerError, "Expected an info_hash, got none");
  assertThrows(() => parseScrapeQuery("info_hash=x"), TrackerError, "20 bytes, got 1");
});
