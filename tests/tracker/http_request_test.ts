import { assertEquals } from "@std/assert";
import { infoHash, peerId, utf8 } from "../../src/base/mod.ts";
import { type AnnounceRequest, announceUrl, scrapeUrl } from "../../src/tracker/mod.ts";
import { percentDecode } from "../../src/tracker/http_query.ts";
import { percentEncode } from "../../src/tracker/http_request.ts";

const hash = infoHash(Uint8Array.from({ length: 20 }, (_, i) => i * 13));
const request: AnnounceRequest = {
  infoHash: hash,
  peerId: peerId(utf8("-TM0100-abcdefghijk~")),
  port: 6881,
  uploaded: 1,
  downloaded: 2,
  left: 3,
  event: "started",
  numwant: 80,
  key: 0xabc,
  trackerId: null,
};

Deno.test("an announce carries every parameter and never our address", () => {
  assertEquals(
    announceUrl("http://t.example/announce", request),
    `http://t.example/announce?info_hash=${
      percentEncode(hash)
    }&peer_id=-TM0100-abcdefghijk~&port=6881` +
      "&uploaded=1&downloaded=2&left=3&compact=1&no_peer_id=1&numwant=80&key=00000abc&event=started",
  );
});

Deno.test("whether encrypted connections are taken is said when it is known", () => {
  const url = (encryption: "supported" | "required") =>
    announceUrl("http://t/announce", { ...request, encryption });
  assertEquals(/crypto/.test(announceUrl("http://t/announce", request)), false);
  assertEquals(/&supportcrypto=1&event=started$/.test(url("supported")), true);
  assertEquals(/&supportcrypto=1&requirecrypto=1&event=started$/.test(url("required")), true);
});

Deno.test("event and trackerid are left out when there is none, and encoded when there is", () => {
  const url = announceUrl("http://t/announce", {
    ...request,
    event: null,
    trackerId: new Uint8Array([0x26, 0xff]),
  });
  assertEquals(/event=/.test(url), false);
  assertEquals(url.endsWith("&trackerid=%26%FF"), true);
});

for (
  const [given, expected] of [
    ["http://t/announce", "http://t/announce?info_hash="],
    ["http://t/announce?pass=a%20b", "http://t/announce?pass=a%20b&info_hash="],
    ["http://t/announce?", "http://t/announce?info_hash="],
    ["http://t/announce?a=1&", "http://t/announce?a=1&info_hash="],
    ["http://t/announce?a=1#part", "http://t/announce?a=1&info_hash="],
    ["http://t", "http://t?info_hash="],
  ] as const
) {
  Deno.test(`parameters are appended to ${given} and nothing else changes`, () => {
    assertEquals(announceUrl(given, request).split("info_hash=")[0] + "info_hash=", expected);
  });
}

Deno.test("bytes are percent-encoded one by one", () => {
  assertEquals(
    percentEncode(new Uint8Array([0, 0x7e, 0x20, 0x2b, 0xc3, 0xa4])),
    "%00~%20%2B%C3%A4",
  );
});

Deno.test("percent-decoding undoes percent-encoding for every byte", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assertEquals(percentDecode(percentEncode(all)), all);
});

// the examples of BEP 48 and some of our own
for (
  const [announce, scrape] of [
    ["http://example.com/announce", "http://example.com/scrape"],
    ["http://example.com/x/announce", "http://example.com/x/scrape"],
    ["http://example.com/announce.php", "http://example.com/scrape.php"],
    ["http://example.com/a", null],
    ["http://example.com/announce?x2%0644", "http://example.com/scrape?x2%0644"],
    ["http://example.com/announce?x=2/4", "http://example.com/scrape?x=2/4"],
    ["http://example.com/x%064announce", null],
    ["http://example.com/announce/", null],
    ["announce", null],
  ] as const
) {
  Deno.test(`the scrape form of ${announce} is ${scrape}`, () => {
    const url = scrapeUrl(announce, [hash]);
    assertEquals(url?.replace(/[?&]info_hash=.*/, "") ?? null, scrape);
  });
}

Deno.test("a scrape may ask for several torrents", () => {
  assertEquals(scrapeUrl("http://t/announce", [hash, hash])?.split("info_hash=").length, 3);
});
