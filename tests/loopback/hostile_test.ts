import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { concat, utf8 } from "../../src/base/mod.ts";
import { frame, uint32 } from "../wire/talk.ts";
import { Client, Folder, type LabTorrent, labTorrent } from "./lab.ts";
import { hello, RawPeer, RawServer } from "./raw_peer.ts";

const torrent = await labTorrent("prey", [["", 400_000]], 32 * 1024);

/** Downloads from a good raw seed while others misbehave; what the session said. */
async function survive(peers: readonly RawServer[], target: Folder): Promise<Client> {
  await using good = new RawServer(async (peer) => {
    await peer.take(68);
    await peer.send(hello(torrent));
    await peer.seed(torrent);
  });
  const client = await Client.start(target, { connectTimeout: 1 });
  try {
    // the bad ones first: the good one comes when they had their chance
    await client.add(torrent, { peers: peers.map(({ address }) => address) });
    if (peers.length > 0) await until(peers);
    await client.stop();
    const again = await Client.start(target, { connectTimeout: 1 });
    await again.add(torrent, { peers: [...peers.map(({ address }) => address), good.address] });
    await again.heard("done");
    target.assertHolds(torrent);
    await again.stop();
    return again;
  } finally {
    await client.stop();
  }
}

/** Until each was met. */
async function until(peers: readonly RawServer[]): Promise<void> {
  while (peers.some(({ met }) => met === 0)) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Connects to a seeding session, says something, and returns when the session hangs up. */
async function hungUpOn(...said: readonly Uint8Array[]): Promise<void> {
  using source = new Folder();
  await using seeder = await Client.start(source.fill(torrent), { connectTimeout: 1 });
  await seeder.seed(torrent);
  const peer = await RawPeer.dial(seeder.address);
  try {
    await peer.send(...said).catch(() => {});
    await peer.end();
  } finally {
    peer.close();
  }
  assertEquals(seeder.all("warning"), []);
  assertEquals(seeder.all("error"), []);
}

const openings: readonly (readonly [string, readonly Uint8Array[]])[] = [
  ["garbage", [new Uint8Array(1000).fill(0xaa)]],
  ["HTTP", [utf8("GET / HTTP/1.1\r\n\r\n")]],
  ["nothing", []],
  ["half a handshake", [hello(torrent).subarray(0, 50)]],
  ["a handshake for another torrent", [hello({ ...torrent, hash: new Uint8Array(20) })]],
  ["a message too long", [hello(torrent), uint32(0x7fff_ffff)]],
  ["a piece that does not exist", [hello(torrent), frame(4, 13)]],
  ["a request outside the torrent", [hello(torrent), frame(6, 0, 0, 33_000)]],
  ["a bitfield of a wrong size", [hello(torrent), frame(5, new Uint8Array(3))]],
  ["a bitfield with spare bits set", [hello(torrent), frame(5, new Uint8Array(2).fill(0xff))]],
  ["an extension message that was not agreed on", [hello(torrent), frame(20, utf8("\x00de"))]],
];

for (const [what, said] of openings) {
  Deno.test(`a peer that connects and says ${what} is hung up on`, () => hungUpOn(...said));
}

Deno.test("a peer that speaks a byte at a time is served", async () => {
  using source = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  const peer = await RawPeer.dial(seeder.address);
  const said = concat(hello(torrent), frame(2), frame(6, 1, 16_384, 100));
  for (let at = 0; at < said.length; at++) await peer.send(said.subarray(at, at + 1));
  await peer.take(68);
  let block: Uint8Array | null = null;
  while (block === null) {
    const message = await peer.message();
    assert(message !== null);
    if (message[0] === 7) block = message.subarray(9);
  }
  const start = 32 * 1024 + 16_384;
  assertEquals(block, torrent.data.slice(start, start + 100));
  peer.close();
});

const behaviours: Readonly<Record<string, (peer: RawPeer) => Promise<void>>> = {
  "says nothing": (peer) => peer.end(),
  "sends garbage": async (peer) => {
    await peer.send(new Uint8Array(5_000).fill(1));
    await peer.end();
  },
  "hangs up at once": () => Promise.resolve(),
  "answers for another torrent": async (peer) => {
    await peer.send(hello({ ...torrent, hash: new Uint8Array(20) } as LabTorrent));
    await peer.end();
  },
  "sends a message too long": async (peer) => {
    await peer.send(hello(torrent), uint32(50_000_000), new Uint8Array(100_000));
    await peer.end();
  },
  "sends blocks that nobody asked for": async (peer) => {
    await peer.send(hello(torrent));
    for (let i = 0; i < 200; i++) await peer.send(frame(7, 0, 0, new Uint8Array(16_384)));
    await peer.end();
  },
  "has a bitfield of a wrong size": async (peer) => {
    await peer.send(hello(torrent), frame(5, new Uint8Array(9)));
    await peer.end();
  },
};

for (const [what, behave] of Object.entries(behaviours)) {
  Deno.test(`a download completes although one peer ${what}`, async () => {
    using target = new Folder();
    await using bad = new RawServer(behave);
    const client = await survive([bad], target);
    assertEquals(client.all("error"), []);
  });
}

Deno.test("a peer that sends bad blocks is banned, and the download completes from the good one", async () => {
  using target = new Folder();
  await using bad = new RawServer(async (peer) => {
    await peer.take(68);
    await peer.send(hello(torrent));
    await peer.seed(torrent, (data) => {
      data[5]! ^= 1;
      return data;
    });
  });
  await using client = await Client.start(target);
  await client.add(torrent, { peers: [bad.address] });
  const event = await client.heard("peer", ({ action }) => action === "banned");
  assertEquals(event.peer, bad.address);
  assert(event.reason?.startsWith("Sent bad data for piece"));
  using source = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  await client.stop();
  await using again = await Client.start(target);
  await again.add(torrent, { peers: [seeder.address] });
  const done = await again.heard("done");
  assertGreater(done.downloaded, 0);
  target.assertHolds(torrent);
});

Deno.test("bad and good peers at once: the data is right and only the bad one is banned", async () => {
  using target = new Folder();
  using source = new Folder();
  await using bad = new RawServer(async (peer) => {
    await peer.take(68);
    await peer.send(hello(torrent));
    await peer.seed(torrent, (data) => {
      data[0]! ^= 1;
      return data;
    });
  });
  await using seeder = await Client.start(source.fill(torrent), { uploadLimit: 200_000 });
  await seeder.seed(torrent);
  await using client = await Client.start(target);
  await client.add(torrent, { peers: [bad.address, seeder.address] });
  await client.heard("done");
  target.assertHolds(torrent);
  const banned = client.all("peer").filter(({ action }) => action === "banned");
  for (const { peer } of banned) assertEquals(peer, bad.address);
  assertLess(banned.length, 2);
});

Deno.test("a second connection of a peer that is here is refused", async () => {
  using source = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  const id = 200;
  const first = await RawPeer.dial(seeder.address);
  await first.send(hello(torrent, id));
  assert(await first.take(68) !== null);
  const second = await RawPeer.dial(seeder.address);
  await second.send(hello(torrent, id));
  assertEquals(await second.take(1), null);
  // the first goes on
  await first.send(frame(2));
  let said = await first.message();
  while (said !== null && said[0] !== 1) said = await first.message();
  assertEquals(said?.[0], 1);
  first.close();
  second.close();
});

Deno.test("a session that is given its own address drops it and goes on", async () => {
  using target = new Folder();
  using source = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  await seeder.seed(torrent);
  await using client = await Client.start(target);
  await client.add(torrent, { peers: [client.address, seeder.address] });
  await client.heard("done");
  const self = client.all("peer").filter(({ peer }) => peer === client.address);
  assertEquals(self, []);
});
