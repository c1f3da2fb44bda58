/** Rate limits: kept within 5 % over ten seconds, and shared fairly. */
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { SimShares } from "./shares.ts";
import type { SwarmNode } from "./swarm_node.ts";
import { scenario, World } from "./world.ts";

/** Runs ten seconds, again and again; `moved` must grow by the limit each time, within 5 %. */
function assertKept(world: World, limit: number, windows: number, moved: () => number): void {
  for (let i = 0; i < windows; i++) {
    const before = moved();
    world.clock.run(10);
    const rate = (moved() - before) / 10;
    assert(Math.abs(rate / limit - 1) < 0.05, `Expected ${limit} B/s, got ${Math.round(rate)}`);
  }
}

const downloaded = (node: SwarmNode) => node.received;
const uploaded = (node: SwarmNode) => node.swarm.uploads.rate.total;

scenario("a download limit of 100 KB/s holds with many peers", 5, (seed) => {
  const limit = 100e3;
  const world = new World(seed, 300, 4);
  const leech = world.leech({ shares: new SimShares(world.clock, limit) });
  for (let i = 0; i < 40; i++) world.connect(leech, world.fake({ rate: world.between(5e3, 1e6) }));
  world.clock.run(2);
  assertKept(world, limit, 4, () => downloaded(leech));
  return world;
});

scenario("a download limit of 50 MB/s holds", 1, (seed) => {
  const limit = 50e6;
  const world = new World(seed, 1_200, 64, true);
  world.fragments = "whole";
  const shares = new SimShares(world.clock, limit);
  const leech = world.leech({ shares });
  for (let i = 0; i < 3; i++) world.connect(leech, world.fake({ rate: 100e6 }), { latency: 1 });
  world.clock.run(2);
  const before = shares.rounds;
  assertKept(world, limit, 1, () => downloaded(leech));
  assertLess((shares.rounds - before) / 10, 50);
  return world;
});

scenario("an upload limit of 100 KB/s holds, and peers get equal parts", 5, (seed) => {
  const limit = 100e3;
  const world = new World(seed, 300, 4);
  const origin = world.seeder({ shares: new SimShares(world.clock, 0, limit) });
  const takers = Array.from({ length: 4 }, () => world.leech());
  for (const taker of takers) world.connect(taker, origin);
  world.clock.run(2);
  assertKept(world, limit, 4, () => uploaded(origin));
  const got = takers.map(downloaded);
  assertLess(Math.max(...got), 1.3 * Math.min(...got));
  return world;
});

scenario("an upload limit of 50 MB/s holds", 1, (seed) => {
  const limit = 50e6;
  const world = new World(seed, 1_200, 64, true);
  world.fragments = "whole";
  const shares = new SimShares(world.clock, 0, limit);
  const origin = world.seeder({ rate: 200e6, shares });
  for (let i = 0; i < 3; i++) world.connect(world.leech({ rate: 1e6 }), origin, { latency: 1 });
  world.clock.run(2);
  const before = shares.rounds;
  assertKept(world, limit, 1, () => uploaded(origin));
  assertLess((shares.rounds - before) / 10, 50);
  return world;
});

scenario(
  "a limit that is not reached costs next to nothing, and nothing while nothing moves",
  1,
  (seed) => {
    const world = new World(seed, 400, 4);
    const shares = new SimShares(world.clock, 1e6, 1e6);
    const leech = world.leech({ shares });
    const connection = world.connect(leech, world.fake({ rate: 50e3 }));
    const rounds = (seconds: number) => {
      const before = shares.rounds;
      world.clock.run(seconds);
      return shares.rounds - before;
    };
    world.clock.run(5);
    assertLess(rounds(20), 30);
    assertGreater(downloaded(leech), 1e6);
    connection.close("Enough");
    world.clock.run(1);
    assertEquals(rounds(60), 0);
    return world;
  },
);

/** Counts how often a peer of `node` is blamed for what does not come, once a second. */
function countSnubs(world: World, node: SwarmNode): () => number {
  let snubs = 0;
  world.clock.every(1_000, () => snubs += node.swarm.peers.filter((it) => it.snubbed).length);
  return () => snubs;
}

scenario("a slow peer gets its part beside a fast one, and neither is blamed", 5, (seed) => {
  const world = new World(seed, 600, 4);
  const leech = world.leech({ shares: new SimShares(world.clock, 100e3) });
  const slow = world.fake({ rate: 5e3 });
  const fast = world.fake({ rate: 50e6 });
  for (const peer of [slow, fast]) world.connect(leech, peer);
  const snubs = countSnubs(world, leech);
  const from = (name: string) => {
    const peer = leech.swarm.peers.find((peer) => peer.identity.key === name);
    return peer?.down.total ?? NaN;
  };
  world.clock.run(20);
  const before = [from(slow.name), from(fast.name)] as const;
  world.clock.run(80);
  assertGreater((from(slow.name) - before[0]) / 80, 0.85 * 5e3);
  assertGreater((from(fast.name) - before[1]) / 80, 0.9 * 95e3);
  assertEquals(snubs(), 0);
  return world;
});

scenario("many peers at a low limit are not blamed for what is held back", 3, (seed) => {
  const world = new World(seed, 300, 4);
  const leech = world.leech({ shares: new SimShares(world.clock, 20e3) });
  for (let i = 0; i < 30; i++) world.connect(leech, world.fake({ rate: 1e6 }));
  const snubs = countSnubs(world, leech);
  world.clock.run(10);
  assertKept(world, 20e3, 8, () => downloaded(leech));
  assertEquals([snubs(), leech.swarm.peers.length], [0, 30]);
  return world;
});

scenario("under a limit no more is asked for than comes in a few seconds", 3, (seed) => {
  const world = new World(seed, 300, 4);
  const limit = 100e3;
  const leech = world.leech({ shares: new SimShares(world.clock, limit) });
  for (let i = 0; i < 6; i++) world.connect(leech, world.fake({ rate: 50e6 }));
  let most = 0;
  world.clock.every(100, () => {
    most = Math.max(most, leech.swarm.peers.reduce((sum, peer) => sum + peer.outstanding, 0));
  });
  world.clock.run(2);
  // those that unchoked first were asked before it was known how many there are
  most = 0;
  assertKept(world, limit, 3, () => downloaded(leech));
  assertLess(most * 16_384, 8 * limit);
  return world;
});

for (const [name, limit] of [["100 KB/s", 100e3], ["20 MB/s", 20e6]] as const) {
  scenario(`torrents with 1 and with 40 links share ${name}`, 2, (seed) => {
    const world = new World(seed, 1_000, 16, true);
    world.fragments = "whole";
    const shares = new SimShares(world.clock, limit);
    const pair = [world.leech({ shares }), world.leech({ shares })] as const;
    world.connect(pair[0], world.fake({ rate: 50e6 }), { latency: 5 });
    for (let i = 0; i < 40; i++) world.connect(pair[1], world.fake({ rate: 50e6 }));
    world.clock.run(2);
    const before = pair.map(downloaded);
    assertKept(world, limit, 1, () => downloaded(pair[0]) + downloaded(pair[1]));
    const [one, many] = pair.map((node, i) => downloaded(node) - before[i]!);
    assert(Math.abs(one! / many! - 1) < 0.1, `Expected equal parts, got ${one} and ${many}`);
    return world;
  });
}

scenario("torrents share an upload limit, however many peers they have", 2, (seed) => {
  const world = new World(seed, 300, 4);
  const shares = new SimShares(world.clock, 0, 200e3);
  const pair = [world.seeder({ shares }), world.seeder({ shares })] as const;
  world.connect(world.leech(), pair[0]);
  for (let i = 0; i < 9; i++) world.connect(world.leech(), pair[1]);
  world.clock.run(2);
  const before = pair.map(uploaded);
  assertKept(world, 200e3, 2, () => uploaded(pair[0]) + uploaded(pair[1]));
  const [one, many] = pair.map((node, i) => uploaded(node) - before[i]!);
  assert(Math.abs(one! / many! - 1) < 0.1, `Expected equal parts, got ${one} and ${many}`);
  return world;
});

scenario(
  "torrents get parts of a limit by their priorities, and one that is exempt has its own way",
  2,
  (seed) => {
    const world = new World(seed, 1_000, 4, true);
    const shares = new SimShares(world.clock, 400e3);
    const [low, high, free] = [
      world.leech({ shares }),
      world.leech({ shares }),
      world.leech({ shares }),
    ] as const;
    low.reads.rank(1, false, world.clock.now);
    high.reads.rank(3, false, world.clock.now);
    free.reads.rank(1, true, world.clock.now);
    // the one of low priority has more links
    for (const [node, links] of [[low, 9], [high, 2], [free, 1]] as const) {
      for (let i = 0; i < links; i++) world.connect(node, world.fake({ rate: 1e6 }));
    }
    world.clock.run(5);
    const before = [low, high, free].map(downloaded);
    world.clock.run(20);
    const [few, many, most] = [low, high, free].map((node, i) => downloaded(node) - before[i]!);
    assert(Math.abs(few! / 2e6 - 1) < 0.1, `Expected a quarter, got ${few}`);
    assert(Math.abs(many! / 6e6 - 1) < 0.1, `Expected three quarters, got ${many}`);
    assertGreater(most!, 15e6);
    return world;
  },
);

scenario("what a torrent with a limit of its own leaves is the others'", 3, (seed) => {
  const world = new World(seed, 300, 4);
  const shares = new SimShares(world.clock, 200e3);
  const pair = [world.leech({ shares, downloadLimit: 40e3 }), world.leech({ shares })] as const;
  for (const node of pair) {
    for (let i = 0; i < 3; i++) world.connect(node, world.fake({ rate: 1e6 }));
  }
  world.clock.run(2);
  const before = pair.map(downloaded);
  world.clock.run(20);
  const [own, rest] = pair.map((node, i) => (downloaded(node) - before[i]!) / 20);
  assert(Math.abs(own! / 40e3 - 1) < 0.05, `Expected 40 KB/s, got ${own}`);
  assert(Math.abs(rest! / 160e3 - 1) < 0.05, `Expected 160 KB/s, got ${rest}`);
  return world;
});

scenario("limits can be changed, lifted and set while they are in use", 2, (seed) => {
  const world = new World(seed, 1_000, 4, true);
  const shares = new SimShares(world.clock, 50e3, 50e3);
  const leech = world.leech({ shares });
  const taker = world.leech({ rate: 2e6 });
  for (let i = 0; i < 5; i++) world.connect(leech, world.fake({ rate: 100e3 }));
  const origin = world.seeder({ shares, rate: 600e3 });
  world.connect(taker, origin);
  const rates = (seconds: number) => {
    const before = [downloaded(leech), uploaded(origin)] as const;
    world.clock.run(seconds);
    return [
      Math.round((downloaded(leech) - before[0]) / seconds / 10e3) * 10,
      Math.round((uploaded(origin) - before[1]) / seconds / 10e3) * 10,
    ];
  };
  const set = (rate: number) => {
    shares.reads.setRate(rate, world.clock.now);
    shares.uploads.setRate(rate, world.clock.now);
    world.clock.run(4);
  };
  world.clock.run(2);
  assertEquals(rates(10), [50, 50]);
  set(200e3);
  assertEquals(rates(10), [200, 200]);
  set(0);
  const [down, up] = rates(10);
  assertGreater(down!, 450);
  assertGreater(up!, 500);
  set(100e3);
  assertEquals(rates(10), [100, 100]);
  return world;
});

scenario("torrents share the memory for pieces that have begun, and all complete", 1, (seed) => {
  // pieces of 8 MiB: eight of them are all there is
  const world = new World(seed, 12, 512, true);
  world.fragments = "whole";
  const shares = new SimShares(world.clock);
  const { memory } = shares;
  const size = world.content.geometry.pieceLength;
  const nodes = [1, 2, 3].map(() => world.leech({ shares }));
  for (const node of nodes) {
    for (let i = 0; i < 12; i++) {
      const have = world.content.none();
      have.add(i);
      world.connect(node, world.fake({ have, rate: 2e6 }));
    }
  }
  let most = 0;
  world.clock.every(50, () => most = Math.max(most, memory.held));
  world.clock.run(3);
  for (const { swarm } of nodes) assertGreater(swarm.downloads.partials.size, 0);
  world.complete(nodes, 300);
  assertGreater(most, memory.most / 2);
  assertLess(most, memory.most + nodes.length * size);
  assertEquals(memory.held, 0);
  return world;
});
