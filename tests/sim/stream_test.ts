import { assert, assertEquals, assertGreater, assertLess, assertLessOrEqual } from "@std/assert";
import type { FakePeer } from "./fake_peer.ts";
import { SimStream } from "./stream.ts";
import type { SwarmNode } from "./swarm_node.ts";
import { scenario, World } from "./world.ts";

/** The stream of a node. */
function streamOf(node: SwarmNode): SimStream {
  assert(node.store instanceof SimStream);
  return node.store;
}

/** The last piece a fake peer was asked for, −1 when for none. */
function lastAsked(peers: readonly FakePeer[]): number {
  const pieces = peers.flatMap((peer) => [...peer.asked.keys()].map((key) => parseInt(key, 10)));
  return Math.max(-1, ...pieces);
}

/** Lets the reader get all of it; fails after `seconds` and when it is not what it should be. */
function deliver(world: World, node: SwarmNode, seconds: number): SimStream {
  const stream = streamOf(node);
  const { pieceCount } = world.content.geometry;
  const done = world.clock.run(seconds, () => stream.window.over);
  assert(done, `Expected ${pieceCount} pieces in ${seconds} s, got ${stream.delivered.length}`);
  assert(stream.intact);
  assertEquals(stream.delivered, Array.from({ length: pieceCount }, (_, piece) => piece));
  return stream;
}

scenario(
  "a slow reader slows the peers down: they are asked for the window, no more",
  6,
  (seed) => {
    const world = new World(seed, 60, 4);
    world.fragments = "whole";
    const window = 8;
    const reader = { window, rate: 100e3 };
    const leech = world.leech({ reader });
    const peers = Array.from({ length: 5 }, () => world.fake({ rate: 10e6 }));
    for (const peer of peers) world.connect(leech, peer);
    const stream = streamOf(leech);
    world.clock.every(20, () => {
      assertLess(lastAsked(peers), stream.window.next + window);
      assertLessOrEqual(stream.taken, window);
    });
    const begun = world.clock.now;
    deliver(world, leech, 120);
    const seconds = (world.clock.now - begun) / 1_000;
    const least = world.content.data.length / reader.rate;
    // it never waited, and nothing was fetched to be thrown away
    assertLess(seconds, least * 1.05);
    assertEquals(stream.longestWait, 0);
    assertEquals(leech.swarm.downloads.wasted, 0);
    assertEquals(leech.swarm.downloads.rate.total, world.content.data.length);
    return world;
  },
);

scenario("a reader that stops has the peers asked for nothing, until it goes on", 6, (seed) => {
  const world = new World(seed, 40, 4);
  const leech = world.leech({ reader: { window: 6, rate: 0.001 } });
  const peers = [world.fake(), world.fake()];
  for (const peer of peers) world.connect(leech, peer);
  world.clock.run(60);
  const received = leech.swarm.downloads.rate.total;
  assertEquals(received, 6 * world.content.geometry.pieceLength);
  assert(streamOf(leech).window.behind);
  world.clock.run(600);
  assertEquals(leech.swarm.downloads.rate.total, received);
  // and it takes nobody for a snub
  assertEquals(leech.swarm.peers.filter((peer) => peer.snubbed), []);
  return world;
});

scenario("a fast reader gets what the peers give together, in order", 10, (seed) => {
  const world = new World(seed, 60, 4);
  const leech = world.leech({ reader: { window: 16, rate: 50e6 } });
  for (let i = 0; i < 4; i++) world.connect(leech, world.fake({ rate: 250e3 }));
  const begun = world.clock.now;
  deliver(world, leech, 60);
  const seconds = (world.clock.now - begun) / 1_000;
  assertLess(seconds, (world.content.data.length / 1e6) * 2 + 1);
  return world;
});

scenario("one slow peer among fast ones does not hold up the stream", 10, (seed) => {
  const world = new World(seed, 60, 4);
  const leech = world.leech({ reader: { window: 16, rate: 400e3 } });
  // it gives a block in five seconds, and has had requests before anyone else
  world.connect(leech, world.fake({ rate: 3_300 }), { latency: 1 });
  for (let i = 0; i < 3; i++) world.connect(leech, world.fake({ rate: 400e3 }), { latency: 40 });
  const stream = deliver(world, leech, 60);
  assertLess(stream.longestWait, 4_000);
  return world;
});

scenario("a silent peer holds up the stream for seconds, not until it is snubbed", 10, (seed) => {
  const world = new World(seed, 60, 4);
  const leech = world.leech({ reader: { window: 16, rate: 400e3 } });
  const forget = () => world.random.below(20) === 0 ? "silence" as const : "good" as const;
  for (let i = 0; i < 3; i++) world.connect(leech, world.fake({ rate: 400e3, answer: forget }));
  const stream = deliver(world, leech, 120);
  assertLess(stream.longestWait, 8_000);
  return world;
});

scenario("bad data never reaches the reader", 10, (seed) => {
  const world = new World(seed, 30, 4);
  const leech = world.leech({ reader: { window: 8, rate: 1e6 } });
  const lie = () => world.random.below(6) === 0 ? "bad" as const : "good" as const;
  world.connect(leech, world.fake({ answer: lie }));
  for (let i = 0; i < 3; i++) world.connect(leech, world.fake({ rate: 300e3 }));
  deliver(world, leech, 200);
  return world;
});

scenario("peers that have only parts, and come and go, give a whole stream", 10, (seed) => {
  const world = new World(seed, 40, 3);
  const leech = world.leech({ reader: { window: 8, rate: 2e6 } });
  const visit = () => {
    const have = world.content.some(50, world.random);
    const connection = world.connect(leech, world.fake({ have, rate: 200e3 }));
    world.clock.in(world.between(500, 4_000), () => connection.close("Goes"));
  };
  for (let i = 0; i < 4; i++) visit();
  world.clock.every(300, visit);
  deliver(world, leech, 600);
  return world;
});

scenario("leechers that only stream give nothing to anybody, and still get all", 4, (seed) => {
  const world = new World(seed, 30, 3);
  const origin = world.seeder({ rate: 1e6 });
  const leeches = Array.from(
    { length: 3 },
    () => world.leech({ reader: { window: 8, rate: 5e6 } }),
  );
  leeches.forEach((leech, i) => {
    world.connect(leech, origin);
    for (const other of leeches.slice(0, i)) world.connect(leech, other);
  });
  for (const leech of leeches) deliver(world, leech, 120);
  assertEquals(leeches.map((leech) => leech.swarm.uploads.rate.total), [0, 0, 0]);
  assertGreater(origin.swarm.uploads.rate.total, 3 * world.content.data.length - 1);
  return world;
});

scenario(
  "in order to disk: pieces complete nearly in their order, and all of them",
  10,
  (seed) => {
    const world = new World(seed, 120, 4);
    const leech = world.leech({ sequential: true });
    const done: number[] = [];
    const add = leech.swarm.have.add.bind(leech.swarm.have);
    leech.swarm.have.add = (piece) => {
      done.push(piece);
      return add(piece);
    };
    for (let i = 0; i < 4; i++) {
      world.connect(
        leech,
        world.fake({ rate: world.between(100e3, 400e3) }),
      );
    }
    world.complete([leech], 60);
    const displaced = done.reduce((sum, piece, at) => sum + Math.abs(piece - at), 0);
    assertEquals(done.length, 120);
    // at random it would be 40
    assertLess(displaced / done.length, 10);
    return world;
  },
);
