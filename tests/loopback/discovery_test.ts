/** Peers told by peers, and peers that a list keeps away, over real sockets. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type AddressRanges,
  AddressRangesBuilder,
  infoHash,
  parseAddress,
  peerId,
} from "../../src/base/mod.ts";
import { encodeHandshake } from "../../src/wire/mod.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";
import { RawPeer } from "./raw_peer.ts";

const SPECS = [["", 3_000_000]] as const;
/** So slow that nobody completes before the first words about others are said. */
const TRICKLE = { downloadLimit: 30_000 };

function only(first: string, last: string): AddressRanges {
  const builder = new AddressRangesBuilder();
  builder.add(parseAddress(first)!, parseAddress(last)!);
  return builder.build();
}

Deno.test("a peer is learnt of from the one peer that is known", async () => {
  const torrent = await labTorrent("told", SPECS, 32 * 1024);
  using source = new Folder();
  using middle = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  await using hub = await Client.start(middle, TRICKLE);
  await hub.add(torrent, { peers: [seeder.address] });
  await using leecher = await Client.start(target, TRICKLE);
  await leecher.add(torrent, { peers: [hub.address] });
  await leecher.heard(
    "peer",
    ({ action, peer }) => action === "connected" && peer === seeder.address,
  );
});

/** The extension handshake that a session sends for a torrent. */
async function extensionHandshake(torrent: LabTorrent): Promise<string> {
  using source = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  const raw = await RawPeer.dial(seeder.address);
  try {
    await raw.send(encodeHandshake({
      infoHash: infoHash(torrent.hash),
      peerId: peerId(new Uint8Array(20).fill(9)),
      fast: false,
      extended: true,
      dht: false,
    }));
    await raw.take(68);
    for (;;) {
      const message = await raw.message();
      assert(message !== null, "Expected an extension handshake, got the end");
      if (message[0] === 20) return new TextDecoder("latin1").decode(message.subarray(2));
    }
  } finally {
    raw.close();
  }
}

Deno.test("peer exchange is offered, but not in a private torrent", async () => {
  const open = await labTorrent("open", SPECS, 32 * 1024);
  const secret = await labTorrent("secret", SPECS, 32 * 1024, undefined, true);
  assertStringIncludes(await extensionHandshake(open), "6:ut_pex");
  const said = await extensionHandshake(secret);
  assert(!said.includes("ut_pex"), said);
  assertStringIncludes(said, "lt_donthave");
});

Deno.test("who has everything dials a peer that lacks something, which nobody else could", async () => {
  const torrent = await labTorrent("behind a router", SPECS, 32 * 1024);
  using source = new Folder();
  using target = new Folder();
  await using leecher = await Client.start(target);
  await leecher.add(torrent);
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent, { peers: [leecher.address] });
  await leecher.heard("done");
});

Deno.test("who has everything does not dial again a peer that has everything too", async () => {
  const torrent = await labTorrent("both whole", SPECS, 32 * 1024);
  using one = new Folder();
  using two = new Folder();
  using target = new Folder();
  await using other = await Client.start(one.fill(torrent));
  await other.seed(torrent);
  await using seeder = await Client.start(two.fill(torrent));
  await seeder.seed(torrent, { peers: [other.address] });
  const { reason } = await seeder.heard("peer", ({ action }) => action === "disconnected");
  assertEquals(reason, "Both sides are complete");
  await using leecher = await Client.start(target);
  await leecher.add(torrent, { peers: [seeder.address] });
  await leecher.heard("done");
});

Deno.test("a peer that the list keeps away is not dialled, and the user hears why", async () => {
  const torrent = await labTorrent("filtered", SPECS, 32 * 1024);
  using target = new Folder();
  await using client = await Client.start(target, {
    ipFilter: only("127.0.0.0", "127.0.0.255"),
    waitPatience: 0.5,
  });
  await client.add(torrent, { peers: ["127.0.0.1:9"] });
  const { message } = await client.heard("warning");
  assertEquals(message, "Peer 127.0.0.1:9 is left out: --ip-filter keeps it away");
  const { causes } = await client.heard("waiting");
  assertEquals(causes[0]!.cause, "ip-filter");
});

Deno.test("a peer that the list keeps away is not let in", async () => {
  const torrent = await labTorrent("filtered", SPECS, 32 * 1024);
  using source = new Folder();
  await using seeder = await Client.start(source.fill(torrent), {
    ipFilter: only("127.0.0.1", "127.0.0.1"),
  });
  await seeder.seed(torrent);
  const raw = await RawPeer.dial(seeder.address);
  assertEquals(await raw.take(1), null);
  raw.close();
});
