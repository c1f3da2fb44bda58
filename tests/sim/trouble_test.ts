import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { FAST_DISK } from "./disk.ts";
import { scenario, World } from "./world.ts";

scenario("a corrupt peer is banned and the others are kept", 30, (seed) => {
  const world = new World(seed);
  const leech = world.leech();
  const good = [world.fake({ rate: 200e3 }), world.seeder({ rate: 200e3 })];
  const bad = world.fake({ answer: () => "bad", rate: 200e3 });
  for (const peer of [...good, bad]) world.connect(leech, peer);
  world.complete([leech], 300);
  world.clock.run(10);
  assertEquals([...leech.banned], [bad.name]);
  return world;
});

scenario("a peer that mixes bad blocks with good ones is found, and nobody else", 30, (seed) => {
  const world = new World(seed, 16, 8);
  const leech = world.leech();
  const good = Array.from({ length: 3 }, () => world.fake({ rate: 150e3 }));
  const bad = world.fake({
    answer: () => world.random.below(4) === 0 ? "bad" : "good",
    rate: 150e3,
  });
  for (const peer of [...good, bad]) world.connect(leech, peer);
  world.complete([leech], 600);
  for (const name of leech.banned) assertEquals(name, bad.name);
  return world;
});

scenario("two corrupt peers are both banned, also when they spoil the same pieces", 30, (seed) => {
  const world = new World(seed, 16, 8);
  const leech = world.leech();
  const bad = [1, 2].map(() => world.fake({ answer: () => "bad", rate: 300e3 }));
  const good = [1, 2].map(() => world.fake({ rate: 100e3 }));
  for (const peer of [...bad, ...good]) world.connect(leech, peer);
  world.complete([leech], 600);
  assertEquals(leech.banned, new Set(bad.map(({ name }) => name)));
  return world;
});

scenario("a seed with a failing disk is banned like any liar", 10, (seed) => {
  const world = new World(seed, 20, 3);
  const leech = world.leech();
  const broken = world.seeder({ disk: { ...FAST_DISK, spoils: 5 }, rate: 300e3 });
  world.connect(leech, broken);
  world.connect(leech, world.seeder({ rate: 300e3 }));
  world.complete([leech], 300);
  assert(leech.banned.has(broken.name));
  assertEquals(leech.banned.size, 1);
  return world;
});

scenario("a banned peer that comes again is refused", 10, (seed) => {
  const world = new World(seed);
  const leech = world.leech();
  const bad = world.fake({ answer: () => "bad" });
  world.connect(leech, bad);
  world.clock.run(60, () => leech.banned.size > 0);
  world.clock.run(5);
  const heard = bad.asked.size;
  const again = world.connect(bad, leech);
  world.clock.run(30);
  assertEquals(again.phase, "closed");
  assertEquals(bad.asked.size, heard);
  return world;
});

scenario(
  "a full disk loses pieces and nothing else, and once there is room they are fetched again",
  20,
  (seed) => {
    const world = new World(seed, 30, 3);
    const pieceLength = world.content.geometry.pieceLength;
    const disk = { ...FAST_DISK, write: world.between(1, 50), capacity: 10 * pieceLength };
    const leech = world.leech({ disk });
    leech.store.onLost = () => leech.swarm.paused = true;
    world.connect(leech, world.fake());
    world.connect(leech, world.seeder());
    world.clock.run(60);
    assertEquals(leech.pieces, 10);
    assertGreater(leech.store.lost.length, 0);
    assert(leech.store.holds(leech.swarm.have));
    for (const piece of leech.store.lost) assert(!leech.swarm.have.has(piece));
    disk.capacity = Infinity;
    leech.swarm.paused = false;
    leech.swarm.askAll(world.clock.now);
    world.complete([leech], 120);
    return world;
  },
);

scenario("a slow disk slows nobody's bookkeeping", 10, (seed) => {
  const world = new World(seed, 30, 3);
  const disk = { ...FAST_DISK, hash: 200, write: 900, read: 40 };
  const nodes = [world.leech({ disk }), world.leech({ disk }), world.leech({ disk })];
  const origin = world.seeder({ disk });
  nodes.forEach((node, i) => {
    world.connect(node, origin);
    for (const other of nodes.slice(0, i)) world.connect(other, node);
  });
  world.complete(nodes, 300);
  return world;
});

scenario("memory of begun pieces is bounded, and the download still completes", 2, (seed) => {
  // pieces of 8 MiB: eight of them are 64 MiB
  const world = new World(seed, 12, 512);
  world.fragments = "whole";
  const leech = world.leech();
  for (let i = 0; i < 12; i++) {
    const have = world.content.none();
    have.add(i);
    world.connect(leech, world.fake({ have, rate: 20e6 }));
  }
  world.clock.run(3);
  assertLessOrEqual(leech.swarm.downloads.partials.size, 8);
  world.complete([leech], 300);
  return world;
});

scenario("everything at once: liars, chokers, the silent and the restless", 30, (seed) => {
  const world = new World(seed, 24, 4);
  const leech = world.leech({ disk: { ...FAST_DISK, write: world.between(1, 300) } });
  const bad = world.fake({ answer: () => world.random.below(3) === 0 ? "bad" : "good" });
  const peers = [
    bad,
    world.fake({ answer: () => "silence" }),
    world.fake({ stingy: true }),
    world.fake({ chokeEvery: world.between(200, 2_000) }),
    world.fake({ have: world.content.some(40, world.random), haveEvery: 100 }),
    world.fake({ fast: true, answer: () => world.random.below(2) === 0 ? "reject" : "good" }),
    world.fake({ rate: 30e3 }),
  ];
  for (const peer of peers) world.connect(leech, peer);
  world.clock.every(700, () => {
    const connection = world.connect(
      leech,
      world.fake({ have: world.content.some(60, world.random) }),
    );
    world.clock.in(world.between(100, 3_000), () => connection.close("Goes"));
  });
  world.complete([leech], 600);
  for (const name of leech.banned) assertEquals(name, bad.name);
  return world;
});
