import { assert, assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import { Bitfield } from "../../src/base/mod.ts";
import { scenario, World } from "./world.ts";

scenario("a download completes from one seed", 30, (seed) => {
  const world = new World(seed);
  const leech = world.leech();
  world.connect(leech, world.seeder());
  world.complete([leech], 60);
  assertEquals(leech.swarm.downloads.wasted, 0);
  return world;
});

scenario("a download completes a byte at a time", 2, (seed) => {
  const world = new World(seed, 4, 1);
  world.fragments = "bytes";
  const leech = world.leech();
  world.connect(leech, seed % 2 === 0 ? world.seeder() : world.fake());
  world.complete([leech], 60);
  return world;
});

scenario("a download completes from many peers that each have a part", 30, (seed) => {
  const world = new World(seed);
  const leech = world.leech();
  const together = world.content.none();
  for (let i = 0; i < 8; i++) {
    const have = world.content.some(30, world.random);
    for (const piece of have) together.add(piece);
    world.connect(leech, world.fake({ have }));
  }
  const missing = world.content.none();
  for (let piece = 0; piece < missing.size; piece++) if (!together.has(piece)) missing.add(piece);
  world.connect(leech, world.fake({ have: missing }));
  world.complete([leech], 120);
  return world;
});

scenario(
  "a whole swarm completes from one seed, and the seed sends far less than all of it",
  4,
  (seed) => {
    const world = new World(seed, 24, 16);
    const origin = world.seeder({ rate: 1e6 });
    const leeches = Array.from({ length: 8 }, () => world.leech({ rate: 1e6 }));
    leeches.forEach((leech, i) => {
      world.connect(leech, origin);
      for (const other of leeches.slice(0, i)) world.connect(leech, other);
    });
    world.complete(leeches, 300);
    const all = leeches.length * world.content.data.length;
    assertLess(origin.swarm.uploads.rate.total, all * 0.6);
    const wasted = leeches.reduce((sum, leech) => sum + leech.swarm.downloads.wasted, 0);
    assertLess(wasted, all * 0.15);
    return world;
  },
);

scenario(
  "a peer that tells its pieces one by one is as good as one with a bitfield",
  20,
  (seed) => {
    const world = new World(seed);
    const leech = world.leech();
    const every = world.between(1, 400);
    world.connect(leech, world.fake({ haveEvery: every }));
    world.complete([leech], 60);
    assert(leech.swarm.peers.length === 0 || leech.swarm.peers[0]!.seed);
    return world;
  },
);

for (const fast of [true, false]) {
  scenario(`peers that choke and unchoke lose no block (fast ${fast})`, 20, (seed) => {
    const world = new World(seed);
    const leech = world.leech();
    for (let i = 0; i < 3; i++) {
      const chokeEvery = world.between(100, 3_000);
      world.connect(leech, world.fake({ fast, chokeEvery, rate: 100e3 }));
    }
    world.complete([leech], 300);
    assertEquals(
      leech.swarm.downloads.rate.total - leech.swarm.downloads.wasted,
      leech.content.data.length,
    );
    return world;
  });
}

scenario("peers that come and go do not keep a download from its end", 20, (seed) => {
  const world = new World(seed, 30, 3);
  const leech = world.leech();
  const visit = () => {
    const have = world.content.some(50, world.random);
    const peer = world.random.below(2) === 0
      ? world.fake({ have, rate: 200e3 })
      : world.leech({ have, rate: 200e3 });
    const connection = world.connect(leech, peer);
    world.clock.in(world.between(50, 4_000), () => connection.close("Goes"));
  };
  for (let i = 0; i < 4; i++) visit();
  world.clock.every(300, visit);
  world.complete([leech], 600);
  return world;
});

scenario("a silent peer is snubbed and its blocks are asked of others", 20, (seed) => {
  const world = new World(seed);
  const leech = world.leech();
  const silent = world.fake({ answer: () => "silence" });
  world.connect(leech, silent, { latency: 1 });
  world.clock.run(5);
  assert(silent.asked.size > 0);
  world.connect(leech, world.fake());
  world.complete([leech], 60);
  assertEquals(leech.banned.size, 0);
  return world;
});

scenario("a peer that forgets some of its blocks costs time, not the download", 20, (seed) => {
  const world = new World(seed);
  const leech = world.leech();
  const answer = () => world.random.below(10) === 0 ? "silence" as const : "good" as const;
  world.connect(leech, world.fake({ answer }));
  world.connect(leech, world.fake({ answer }));
  world.complete([leech], 600);
  return world;
});

scenario("peers that refuse now and then lose no block", 20, (seed) => {
  const world = new World(seed);
  const leech = world.leech();
  const answer = () => world.random.below(3) === 0 ? "reject" as const : "good" as const;
  world.connect(leech, world.fake({ fast: true, answer }));
  world.connect(leech, world.fake({ fast: true, answer }));
  world.complete([leech], 120);
  return world;
});

scenario("at the end few blocks are asked for twice", 10, (seed) => {
  const world = new World(seed, 100, 8);
  const leech = world.leech();
  for (let i = 0; i < 12; i++) world.connect(leech, world.fake({ rate: world.between(50e3, 2e6) }));
  world.complete([leech], 120);
  assertLessOrEqual(leech.swarm.downloads.wasted, 12 * 8 * 16_384);
  return world;
});

scenario("while paused peers are dropped, and afterwards the rest is fetched", 20, (seed) => {
  const world = new World(seed);
  const leech = world.leech();
  world.connect(leech, world.fake({ rate: 300e3 }));
  world.connect(leech, world.seeder({ rate: 300e3 }));
  world.clock.run(30, () => leech.pieces >= 5);
  leech.swarm.close("Paused");
  world.clock.run(10);
  const held = leech.pieces;
  assertEquals(leech.swarm.peers, []);
  assertEquals(leech.store.taken, 0);
  world.clock.run(30);
  assertEquals(leech.pieces, held);
  leech.swarm.paused = false;
  const other = world.fake();
  world.connect(leech, other);
  world.complete([leech], 60);
  // what was there before is not asked for again
  const again = new Bitfield(held + 1000);
  for (const key of other.asked.keys()) again.add(Number(key.split("+")[0]));
  assertLessOrEqual(again.count, world.content.geometry.pieceCount - held);
  return world;
});
