import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Answer } from "./fake_peer.ts";
import type { SwarmNode } from "./swarm_node.ts";
import { scenario, World } from "./world.ts";

/** What a liar answers, given what it can know: the world's dice and how far the download is. */
type Lie = (world: World, leech: SwarmNode) => Answer;

/** Bad blocks, one in `n`. */
const oneIn = (n: number): Lie => (world) => world.random.below(n) === 0 ? "bad" : "good";
/** Nothing but good blocks until all that is left was asked of others already. */
const atTheEnd: Lie = (_, leech) => leech.swarm.picker.waiting === 0 ? "bad" : "good";

/** A download from 20 peers, `liars` of which lie. The download completes and no innocent peer is ever banned. */
function download(world: World, liars: number, lie: Lie) {
  world.fragments = "whole";
  const leech = world.leech();
  const bad = Array.from(
    { length: liars },
    () => world.fake({ answer: () => lie(world, leech), rate: 100e3 }),
  );
  const good = Array.from({ length: 20 - liars }, () => world.fake({ rate: 100e3 }));
  // whoever is first is no better placed than the others
  for (const peer of [...good, ...bad].sort(() => world.random.below(2) - 0.5)) {
    world.connect(leech, peer);
  }
  world.complete([leech], 300);
  const lying = new Set(bad.map(({ name }) => name));
  for (const name of leech.banned) assert(lying.has(name), `Expected ${name} not to be banned`);
  const pieces = leech.swarm.downloads.wasted / world.content.geometry.pieceLength;
  return { leech, banned: leech.banned.size, wasted: pieces };
}

scenario("without liars nobody is banned and little is wasted", 3, (seed) => {
  const world = new World(seed, 60, 16);
  const { banned, wasted } = download(world, 0, () => "good");
  assertEquals(banned, 0);
  assertLessOrEqual(wasted, 3);
  return world;
});

for (const n of [1, 4]) {
  scenario(
    `one liar among twenty, one block in ${n} bad: it is banned and nobody else`,
    5,
    (seed) => {
      const world = new World(seed, 60, 16);
      const { banned, wasted } = download(world, 1, oneIn(n));
      assertEquals(banned, 1);
      assertLessOrEqual(wasted, 8);
      return world;
    },
  );
}

scenario(
  "one liar among twenty, one block in fifty bad: banned if it ever lied, and nobody else",
  10,
  (seed) => {
    const world = new World(seed, 120, 16);
    let lies = 0;
    const { banned, wasted } = download(world, 1, (world) => {
      const answer = world.random.below(50) === 0 ? "bad" : "good";
      if (answer === "bad") lies++;
      return answer;
    });
    // a lie may come too late to matter: another was faster with that block
    assertLessOrEqual(banned, Math.min(1, lies));
    if (lies >= 2) assertEquals(banned, 1);
    assertLessOrEqual(wasted, 8);
    return world;
  },
);

scenario(
  "one liar among twenty that lies only in the endgame is banned, and nobody else",
  5,
  (seed) => {
    const world = new World(seed, 60, 16);
    const { banned, wasted } = download(world, 1, atTheEnd);
    assertLessOrEqual(banned, 1);
    assertLessOrEqual(wasted, 12);
    return world;
  },
);

for (const n of [1, 10]) {
  scenario(
    `three among twenty that lie alike, one block in ${n}: they are banned, and nobody else`,
    5,
    (seed) => {
      const world = new World(seed, 60, 16);
      const { banned, wasted } = download(world, 3, oneIn(n));
      assertEquals(banned, 3);
      assertLessOrEqual(wasted, 16);
      return world;
    },
  );
}

scenario("a piece that all send the same and that is wrong costs nobody its place", 5, (seed) => {
  const world = new World(seed, 30, 8);
  world.fragments = "whole";
  const leech = world.leech();
  const answer = (piece: number): Answer => piece === 7 ? "bad" : "good";
  for (let i = 0; i < 6; i++) world.connect(leech, world.fake({ answer, rate: 200e3 }));
  world.clock.run(120);
  assertEquals(leech.banned.size, 0);
  assertEquals([...leech.disputed], [7]);
  assertEquals(leech.pieces, 29);
  assertLessOrEqual(leech.swarm.downloads.wasted, 14 * world.content.geometry.pieceLength);
  // somebody who has the right one ends it
  world.connect(leech, world.fake());
  world.complete([leech], 60);
  assertEquals(leech.banned.size, 6);
  return world;
});
