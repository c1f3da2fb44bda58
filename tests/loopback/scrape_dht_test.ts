import { assert, assertEquals } from "@std/assert";
import { infoHash } from "../../src/base/mod.ts";
import { scrapeDht } from "../../src/cli/scrape_dht.ts";
import { Client, Folder, labTorrent } from "./lab.ts";

function by(...nodes: Client[]) {
  return { dht: { nodes: nodes.map(({ address }) => address), entryPoints: [] } };
}

Deno.test("the DHT tells how many seeds a torrent has, and that it knows none of another (BEP 33)", async () => {
  const torrent = await labTorrent("counted.bin", [["", 100_000]], 16 * 1024);
  const unwanted = await labTorrent("unwanted", [["", 1]], 16 * 1024);
  using between = new Folder();
  using source = new Folder();
  await using middle = await Client.start(between.fill(unwanted), by());
  await middle.seed(unwanted);
  await using seeder = await Client.start(source.fill(torrent), by(middle));
  await seeder.seed(torrent);
  await seeder.heard("dht", (event) => event.announced > 0);
  const choice = { nodes: [middle.address], entryPoints: [] };
  const found = await scrapeDht(choice, infoHash(torrent.hash));
  assertEquals(found, { url: "DHT", seeders: 1, leechers: 0, downloads: null, message: null });
  const other = await scrapeDht(choice, infoHash(new Uint8Array(20).fill(7)));
  assertEquals(other.message, "It knows no such torrent");
  assert(other.seeders === null && other.leechers === null);
});
