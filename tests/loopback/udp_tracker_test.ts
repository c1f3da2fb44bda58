import { assertEquals } from "@std/assert";
import { TrackerServer } from "../../src/net/mod.ts";
import { Client, Folder, labTorrent } from "./lab.ts";

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test(`a session finds another through a UDP tracker at ${hostname}, which hears all of it`, async () => {
    const server = new TrackerServer({ hostname, port: 0 });
    {
      const torrent = await labTorrent("udp.bin", [["", 300_001]], 65_536, server.udpUrl);
      using source = new Folder();
      using target = new Folder();
      await using seeder = await Client.start(source.fill(torrent));
      await seeder.seed(torrent);
      await seeder.heard("tracker", (event) => event.ok);
      await using leecher = await Client.start(target);
      await leecher.add(torrent, { seed: { minutes: null, ratio: null } });
      await leecher.heard("done");
      target.assertHolds(torrent);
      const { peers, seeders, url } = await leecher.heard("tracker", (event) => event.ok);
      assertEquals([peers, seeders, url], [1, 1, server.udpUrl]);
      // it completed here, so it is a seed from its second announce on
      await leecher.heard("tracker", (event) => event.ok && event.seeders === 2);
      assertEquals(server.counts, { torrents: 1, peers: 2 });
    }
    // both said that they leave, within their grace
    assertEquals(server.counts, { torrents: 0, peers: 0 });
    await server.shutdown();
  });
}
