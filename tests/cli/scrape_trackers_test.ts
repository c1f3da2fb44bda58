import { assertEquals } from "@std/assert";
import { infoHash } from "../../src/base/mod.ts";
import { scrapeTrackers } from "../../src/cli/scrape_trackers.ts";
import { TrackerServer } from "../../src/net/mod.ts";

Deno.test("trackers are scraped over HTTP and UDP, a forbidden and an unreachable one say why", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  gone.close();
  const urls = [
    server.announceUrl,
    server.udpUrl,
    server.udpUrl.replace("announce", "elsewhere"),
    `http://127.0.0.1:${gone.addr.port}/announce`,
  ];
  const counts = { seeders: 0, leechers: 0, downloads: 0 };
  const none = { seeders: null, leechers: null, downloads: null };
  assertEquals(await scrapeTrackers(urls, infoHash(new Uint8Array(20))), [
    { url: urls[0]!, ...counts, message: null },
    { url: urls[1]!, ...counts, message: null },
    {
      url: urls[2]!,
      ...none,
      message: "127.0.0.1 is a local address, where only the path /announce is asked",
    },
    {
      url: urls[3]!,
      ...none,
      message: `Connection refused (127.0.0.1:${gone.addr.port})`,
    },
  ]);
  await server.shutdown();
});
