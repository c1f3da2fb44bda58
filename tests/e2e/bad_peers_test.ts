import { assert, assertEquals, assertMatch } from "@std/assert";
import { concat } from "../../src/base/mod.ts";
import { assertFailure } from "./harness/expect.ts";
import { FakePeer, fullBitfield, handshake, Message, seeder, Wire, words } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, noise, type TestTorrent } from "./harness/torrent.ts";

const BOUNDS = ["--listen-port", "0", "--stall-timeout", "3", "--connect-timeout", "1"];

type Script = (wire: Wire, torrent: TestTorrent) => Promise<void>;

/** A peer that looks like a seed until it is asked, and then does something. */
function asked(then: (wire: Wire, request: Uint8Array) => Promise<void>): Script {
  return async (wire, torrent) => {
    await wire.handshake(torrent);
    await wire.message(Message.bitfield, fullBitfield(torrent.pieceCount));
    await wire.message(Message.unchoke);
    while (true) {
      const { id, payload } = await wire.next();
      if (id === Message.request) await then(wire, payload);
    }
  };
}

/** A peer that sends something after the handshake and then only listens. */
function says(send: (wire: Wire, torrent: TestTorrent) => Promise<void>): Script {
  return async (wire, torrent) => {
    await wire.handshake(torrent);
    await send(wire, torrent);
    await wire.closed();
  };
}

/** What a peer does, and what is said of it when there is nobody else; null when that may vary. */
const BAD_PEERS: readonly (readonly [what: string, script: Script, words: RegExp | null])[] = [
  ["sends garbage", async (wire) => {
    await wire.send(noise(100_000, 7));
    await wire.closed();
  }, /peer 127.0.0.1:\d+ breaks the protocol: \S/],
  [
    "says nothing",
    (wire) => wire.closed(),
    /peer 127.0.0.1:\d+ takes the connection and says nothing/,
  ],
  ["hangs up", () => Promise.resolve(), /closes the connection right after our handshake/],
  ["answers for another torrent", async (wire) => {
    await wire.send(handshake(new Uint8Array(20)));
    await wire.closed();
  }, /peer 127.0.0.1:\d+ serves another torrent/],
  ["says nothing after its handshake", says(() => Promise.resolve()), null],
  ["announces too long a message", says((wire) => wire.send(words(0x7fffffff))), null],
  ["has a piece that is not there", says((wire) => wire.message(Message.have, words(9999))), null],
  [
    "has more pieces than there are",
    says((wire) => {
      return wire.message(Message.bitfield, new Uint8Array(1000).fill(255));
    }),
    null,
  ],
  [
    "asks for a piece that is not there",
    says(async (wire) => {
      await wire.message(Message.interested);
      await wire.message(Message.request, words(9999, 0, 16_384));
    }),
    null,
  ],
  ["sends a message that is cut short", says((wire) => wire.message(Message.have)), null],
  [
    "sends a block of a piece that is not there",
    asked((wire) => {
      return wire.message(Message.piece, concat(words(9999, 0), new Uint8Array(16_384)));
    }),
    null,
  ],
  [
    "sends blocks of the wrong length",
    asked((wire, request) => {
      return wire.message(Message.piece, concat(request.subarray(0, 8), new Uint8Array(100)));
    }),
    null,
  ],
  [
    "sends blocks that nobody asked for",
    says(async (wire) => {
      for (let i = 0; i < 1000; i++) {
        await wire.message(Message.piece, concat(words(0, 0), new Uint8Array(16_384)));
      }
    }),
    null,
  ],
  ["never sends what it is asked for", asked(() => Promise.resolve()), /sends nothing/],
  [
    "never lets us ask",
    says((wire, torrent) => {
      return wire.message(Message.bitfield, fullBitfield(torrent.pieceCount));
    }),
    /serves only others now \(choked\)/,
  ],
];

for (const [what, script, reason] of BAD_PEERS) {
  Deno.test(`a peer that ${what} costs neither the download nor its end`, async () => {
    await using scene = await Scene.open();
    const torrent = await makeTorrent({ content: 500_000 });
    await using bad = new FakePeer((wire) => script(wire, torrent));
    await using good = seeder(torrent);
    const path = await scene.torrent(torrent);
    const peers = ["--peer", bad.address, "--peer", good.address];
    // 20 s for the second: a block asked of the bad one is asked again only after its time.
    const [alone, helped] = await Promise.all([
      scene.run(["get", path, "-d", "alone", "--peer", bad.address, ...BOUNDS]),
      scene.run(["get", path, "-d", "helped", ...peers, ...BOUNDS, "--stall-timeout", "20"]),
    ]);
    assertFailure(alone, 2, "No data for 3 s");
    if (reason !== null) assertMatch(alone.stderr, reason);
    assertEquals(helped.code, 0, helped.stderr);
    assertEquals(await Deno.readFile(scene.path("helped/sample")), torrent.payload);
    assert(bad.connections > 0);
  });
}

Deno.test("a peer that sends wrong data is banned by name, the others are kept", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1_000_000 });
  await using bad = seeder(torrent, (_piece, _begin, block) => block.fill(7));
  await using good = seeder(torrent);
  const path = await scene.torrent(torrent);
  const peers = ["--peer", bad.address, "--peer", good.address];
  const get = ["get", path, "--json", ...peers, ...BOUNDS, "--stall-timeout", "15"];
  const tm = scene.start(get);
  assertEquals((await tm.end()).code, 0, tm.describe());
  const banned = tm.events().filter((event) => event["action"] === "banned");
  assertEquals(banned.map((event) => event["peer"]), [bad.address]);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("with nobody but a peer that sends wrong data a download ends, and nothing wrong is kept", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  await using bad = seeder(torrent, (_piece, _begin, block) => block.fill(7));
  const path = await scene.torrent(torrent);
  const result = await scene.run(["get", path, "--peer", bad.address, ...BOUNDS]);
  assertFailure(result, 2, "No data for 3 s");
  await using good = seeder(torrent);
  const then = await scene.run(["get", path, "--peer", good.address, ...BOUNDS]);
  assertEquals(then.code, 0, then.stderr);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("nobody at the address of a peer: the reason is told", async () => {
  await using scene = await Scene.open();
  const path = await scene.torrent(await makeTorrent({ content: 1000 }));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const result = await scene.run(["get", path, "--peer", `127.0.0.1:${port}`, ...BOUNDS]);
  assertFailure(result, 2, `peer 127.0.0.1:${port} refuses the connection`);
});

/** What a client may do to a seeder. */
const BAD_CLIENTS: readonly (readonly [what: string, script: Script])[] = [
  ["garbage", (wire) => wire.send(noise(100_000, 7))],
  ["nothing", () => Promise.resolve()],
  ["too long a message", async (wire, torrent) => {
    await wire.send(handshake(torrent.infoHash), words(0x7fffffff));
  }],
  ["a piece that is not there", async (wire, torrent) => {
    await wire.send(handshake(torrent.infoHash));
    await wire.message(Message.interested);
    await wire.message(Message.request, words(9999, 0, 16_384));
  }],
  ["too large a block", async (wire, torrent) => {
    await wire.send(handshake(torrent.infoHash));
    await wire.message(Message.interested);
    await wire.message(Message.request, words(0, 0, 0x7fffffff));
  }],
  ["a hundred thousand requests, answers unread", async (wire, torrent) => {
    await wire.send(handshake(torrent.infoHash));
    await wire.message(Message.interested);
    const request = concat(words(13), Uint8Array.of(Message.request), words(0, 0, 16_384));
    const many = concat(...new Array<Uint8Array>(1000).fill(request));
    for (let i = 0; i < 100; i++) await wire.send(many);
  }],
];

Deno.test("a seeder outlives all that clients do to it, and serves", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 500_000 });
  const path = await scene.torrent(torrent);
  await scene.data(torrent, "data");
  const seed = scene.start(["seed", path, "-d", "data", "--json", "--listen-port", "0"]);
  await seed.event("done");
  const port = await seed.port();
  const open: Deno.TcpConn[] = [];
  try {
    await Promise.all(BAD_CLIENTS.map(async ([, script]) => {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      open.push(conn);
      // It may be cut off in the middle, or its writes may not be taken any more.
      const done = script(new Wire(conn), torrent).catch(() => {});
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, 1000));
      await Promise.race([done, late]);
      clearTimeout(timer);
    }));
    const get = ["get", path, "--peer", `127.0.0.1:${port}`, ...BOUNDS, "--stall-timeout", "10"];
    const result = await scene.run(get);
    assertEquals(result.code, 0, result.stderr);
    assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
  } finally {
    for (const conn of open) conn.close();
  }
  seed.signal("SIGTERM");
  assertEquals((await seed.end()).code, 0);
});
