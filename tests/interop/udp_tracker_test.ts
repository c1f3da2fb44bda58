/** opentracker over UDP, as `tm`'s own client sees it: peers, counts, refusals. Arguments as in `suite.ts`. */
import { assertEquals, assertRejects } from "@std/assert";
import {
  infoHash,
  peerId,
  randomBytes,
  SeededRandom,
  toHex,
  TrackerError,
} from "../../src/base/mod.ts";
import { AddressPolicy, TrackerClient, UdpDemux, UdpSocket } from "../../src/net/mod.ts";
import type { AnnounceRequest } from "../../src/tracker/mod.ts";
import { Loopback } from "./harness/host.ts";
import { requirePrograms } from "./harness/requirements.ts";
import { startOpenTracker } from "./harness/tracker.ts";

Deno.test("opentracker over UDP: announce, events, scrape, and a torrent it does not know", async () => {
  requirePrograms([{ program: "opentracker", debianPackage: "opentracker" }]);
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "tm-interop-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const host = new Loopback();
  const random = new SeededRandom(Date.now());
  const hashes = [0, 1].map(() => infoHash(randomBytes(20, random)));
  const [hash, unlisted] = hashes as [typeof hashes[0], typeof hashes[0]];
  const port = await host.freePort();
  stack.use(await startOpenTracker(host, folder, port, [toHex(hash)]));
  const udp = new UdpDemux(UdpSocket.open(0), (error) => {
    throw error;
  });
  const running = udp.run();
  const client = new TrackerClient(
    new AddressPolicy({ resolve: () => Promise.resolve([]) }),
    udp,
  );
  stack.defer(async () => {
    client.close();
    udp.close();
    await running;
  });
  const url = `udp://${host.address}:${port}/announce`;
  const request = (peer: number, changes: Partial<AnnounceRequest> = {}): AnnounceRequest => ({
    infoHash: hash,
    peerId: peerId(new Uint8Array(20).fill(peer)),
    port: peer,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    event: "started",
    numwant: 50,
    key: peer,
    trackerId: null,
    ...changes,
  });
  await client.announce(url, request(1001));
  const { peers, localTracker } = await client.announce(url, request(1002));
  assertEquals(localTracker, true);
  assertEquals(peers.filter(({ port }) => port !== 1002), [{ host: "127.0.0.1", port: 1001 }]);
  await client.announce(url, request(1002, { event: "completed", left: 0 }));
  const counts = async () => (await client.scrape(url, [hash])).get(toHex(hash));
  assertEquals(await counts(), { seeders: 1, leechers: 1, downloads: 1 });
  await client.announce(url, request(1001, { event: "stopped" }));
  assertEquals(await counts(), { seeders: 1, leechers: 0, downloads: 1 });
  // what is not in its whitelist it refuses
  await assertRejects(
    () => client.announce(url, request(1003, { infoHash: unlisted })),
    TrackerError,
    "The tracker refused",
  );
});
