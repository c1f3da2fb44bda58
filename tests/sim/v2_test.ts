/** Swarms of a v2 torrent (BEP 52) with peers that lie, in blocks and in hashes. */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Answer } from "./fake_peer.ts";
import { scenario, World } from "./world.ts";

/** Pieces of 8 blocks. */
function v2World(seed: number): World {
  const world = new World(seed, 16, 8);
  world.v2 = true;
  return world;
}

scenario(
  "v2: who mixes bad blocks with good ones is banned at once, and little comes twice",
  30,
  (seed) => {
    const world = v2World(seed);
    const leech = world.leech();
    const bad = world.fake({
      answer: () => world.random.below(4) === 0 ? "bad" : "good",
      hashes: "good",
      rate: 150e3,
    });
    const good = [world.fake({ hashes: "good", rate: 150e3 }), world.seeder({ rate: 150e3 })];
    for (const peer of [bad, ...good]) world.connect(leech, peer);
    world.complete([leech], 300);
    for (const name of leech.banned) assertEquals(name, bad.name);
    // one bad block is enough, and only bad ones and what was on its way come again
    if (leech.banned.size > 0) {
      assertLessOrEqual(leech.swarm.downloads.wasted, 4 * world.content.geometry.pieceLength);
    }
    return world;
  },
);

scenario(
  "v2: liars in blocks, in hashes and in both are banned, honest ones are not",
  30,
  (seed) => {
    const world = v2World(seed);
    const leech = world.leech();
    const answers: readonly Answer[] = ["good", "bad", "silence", "reject"];
    const others = answers.flatMap((hashes) => [
      world.fake({ hashes, rate: 100e3 }),
      world.fake({ hashes, answer: () => "bad", rate: 100e3 }),
    ]);
    const honest = [world.seeder({ rate: 200e3 }), world.fake({ rate: 100e3 })];
    for (const peer of [...others, ...honest]) world.connect(leech, peer);
    world.complete([leech], 900);
    const innocent = [
      ...honest,
      ...others.filter(({ manners }) =>
        manners.hashes !== "bad" && manners.answer(0, 0) === "good"
      ),
    ];
    for (const { name } of innocent) assert(!leech.banned.has(name), `Expected ${name} to be kept`);
    assert(leech.banned.size > 0);
    return world;
  },
);

scenario("v2: where nobody tells hashes, the liar is found as in v1", 20, (seed) => {
  const world = v2World(seed);
  const leech = world.leech();
  const hashes = world.random.below(2) === 0 ? "silence" : "reject";
  const bad = world.fake({ answer: () => "bad", hashes, rate: 200e3 });
  for (const peer of [bad, world.fake({ hashes, rate: 200e3 })]) world.connect(leech, peer);
  world.complete([leech], 600);
  world.clock.run(10);
  assertEquals([...leech.banned], [bad.name]);
  return world;
});

scenario("v2: a swarm of its own spreads a torrent, pieces from everybody", 10, (seed) => {
  const world = v2World(seed);
  const seeder = world.seeder({ rate: 500e3 });
  const leeches = [1, 2, 3, 4].map(() => world.leech({ rate: 500e3 }));
  const bad = world.fake({ answer: () => "bad", hashes: "bad", rate: 300e3 });
  for (const [i, leech] of leeches.entries()) {
    world.connect(leech, seeder);
    world.connect(leech, bad);
    for (const other of leeches.slice(i + 1)) world.connect(leech, other);
  }
  world.complete(leeches, 900);
  for (const leech of leeches) {
    for (const name of leech.banned) assertEquals(name, bad.name);
  }
  return world;
});
