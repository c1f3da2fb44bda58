import { assert, assertEquals } from "@std/assert";
import { StateDb } from "../../src/storage/mod.ts";
import { Client, Folder, labTorrent } from "./lab.ts";

const KIB = 1024;
const FOREVER = { minutes: null, ratio: null };

/** How to enter a DHT on this machine, and no other. */
function by(...nodes: Client[]) {
  return { dht: { nodes: nodes.map(({ address }) => address), entryPoints: [] } };
}

Deno.test("a torrent without a tracker is found and downloaded by the DHT alone", async () => {
  const torrent = await labTorrent("dht.bin", [["", 500_001]], 64 * KIB);
  const unwanted = await labTorrent("unwanted", [["", 1]], 16 * KIB);
  using between = new Folder();
  using source = new Folder();
  using target = new Folder();
  await using middle = await Client.start(between.fill(unwanted), by());
  await middle.seed(unwanted);
  await using seeder = await Client.start(source.fill(torrent), by(middle));
  await seeder.seed(torrent);
  await seeder.heard("dht", (event) => event.announced > 0);
  await using leecher = await Client.start(target, by(middle));
  await leecher.add(torrent);
  const { peers, answered } = await leecher.heard("dht", (event) => event.peers > 0);
  assert(peers >= 1 && answered >= 1);
  await leecher.heard("finished");
  target.assertHolds(torrent);
});

Deno.test("two that know only each other's node find each other", async () => {
  const torrent = await labTorrent("pair.bin", [["", 100_000]], 16 * KIB);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent), by());
  await seeder.seed(torrent);
  // the seed learns of its address, and of the other's node, from the other
  await using leecher = await Client.start(target, by(seeder));
  await leecher.add(torrent);
  await leecher.heard("finished");
  target.assertHolds(torrent);
});

Deno.test("a peer tells of its node, and the nodes known at the end are known at the next start", async () => {
  const torrent = await labTorrent("port.bin", [["", 200_000]], 16 * KIB);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent), by());
  await seeder.seed(torrent);
  {
    await using leecher = await Client.start(target, by());
    await leecher.add(torrent, { peers: [seeder.address], seed: FOREVER });
    await leecher.heard("done");
    await leecher.heard("dht", (event) => event.answered > 0);
    await leecher.stop();
  }
  {
    using state = new StateDb(target.path, () => {});
    assertEquals(state.loadNodes(), [seeder.address]);
  }
  const other = await labTorrent("other.bin", [["", 10]], 16 * KIB);
  await using again = await Client.start(target, by());
  await again.add(other);
  // the node that it had told of its own may answer as one more
  await again.heard("dht", (event) => event.answered > 0);
});

Deno.test("a private torrent is not looked for, and its peers are told of no node", async () => {
  const torrent = await labTorrent("closed.bin", [["", 100_000]], 16 * KIB, undefined, true);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent), by());
  await seeder.seed(torrent);
  await using leecher = await Client.start(target, by());
  await leecher.add(torrent, { peers: [seeder.address], seed: FOREVER });
  await leecher.heard("done");
  await leecher.stop();
  await seeder.stop();
  assertEquals([...leecher.all("dht"), ...seeder.all("dht")], []);
  using state = new StateDb(target.path, () => {});
  assertEquals(state.loadNodes(), []);
});

Deno.test("over IPv6 it is another network, and works the same", async () => {
  const torrent = await labTorrent("six.bin", [["", 100_000]], 16 * KIB);
  const unwanted = await labTorrent("unwanted six", [["", 1]], 16 * KIB);
  using between = new Folder();
  using source = new Folder();
  using target = new Folder();
  await using middle = await Client.start(between.fill(unwanted), by());
  await middle.seed(unwanted);
  const entry = { dht: { nodes: [`[::1]:${middle.session.port}`], entryPoints: [] } };
  await using seeder = await Client.start(source.fill(torrent), entry);
  await seeder.seed(torrent);
  await seeder.heard("dht", (event) => event.announced > 0);
  await using leecher = await Client.start(target, entry);
  await leecher.add(torrent);
  await leecher.heard("finished");
  target.assertHolds(torrent);
  const { peer } = await leecher.heard("peer", ({ action }) => action === "connected");
  assertEquals(peer, `[::1]:${seeder.session.port}`);
});
