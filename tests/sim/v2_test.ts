/** Swarms of a v2 torrent (BEP 52) with peers that lie, in blocks and in hashes. */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { SeededRandom } from "../../src/base/mod.ts";
import { BLOCK_SIZE } from "../../src/metainfo/mod.ts";
import type { FolderShape } from "./content.ts";
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

/** Files shorter than a block, than a piece and of several, in pieces of 4 blocks. */
function folder(seed: number, form: FolderShape["form"]): World {
  const random = new SeededRandom(seed);
  const lengths = Array.from({ length: 12 }, () => {
    const most = [BLOCK_SIZE, 4 * BLOCK_SIZE, 24 * BLOCK_SIZE][random.below(3)]!;
    return random.below(5) === 0 ? most : 1 + random.below(most);
  });
  return new World(seed, { form, lengths }, 4);
}

for (const form of ["hybrid", "v2"] as const) {
  scenario(
    `${form}: of a folder whose files each begin a piece, from peers of both kinds, the liar alone is banned`,
    30,
    (seed) => {
      const world = folder(seed, form);
      world.v2 = true;
      const leeches = [world.leech(), world.leech({ rate: 200e3 })];
      const bad = world.fake({
        answer: () => world.random.below(3) === 0 ? "bad" : "good",
        hashes: "good",
        rate: 200e3,
      });
      const good = [
        world.seeder({ rate: 150e3 }),
        // one that knows nothing of v2: a hybrid has those too
        world.seeder({ rate: 150e3, v2: form === "v2" }),
        world.fake({ hashes: "good", rate: 100e3 }),
        world.fake({ hashes: "reject", rate: 100e3 }),
      ];
      for (const leech of leeches) for (const peer of [bad, ...good]) world.connect(leech, peer);
      world.connect(leeches[0]!, leeches[1]!);
      world.complete(leeches, 300);
      for (const { banned } of leeches) for (const name of banned) assertEquals(name, bad.name);
      assert(leeches.some(({ banned }) => banned.size > 0));
      return world;
    },
  );
}

scenario(
  "v2: one that refuses every hash and two that give them late are good enough, and are kept",
  20,
  (seed) => {
    const lengths = Array.from({ length: 60 }, (_, i) => (6 - i % 2) * BLOCK_SIZE - i);
    const world = new World(seed, { form: "v2", lengths }, 2);
    world.v2 = true;
    const leech = world.leech();
    const bad = world.fake({
      answer: () => world.random.below(4) === 0 ? "bad" : "good",
      hashes: "silence",
      rate: 50e3,
    });
    const refusing = world.fake({ hashes: "reject", rate: 20e3 });
    const late = [0, 1].map(() => world.fake({ hashes: "good", hashesAfter: 8_000, rate: 30e3 }));
    for (const peer of [bad, refusing, ...late]) world.connect(leech, peer);
    world.complete([leech], 300);
    assertEquals([...leech.banned], [bad.name]);
    assertEquals(leech.left.filter((reason) => reason.includes("nobody asked")), []);
    // late as they are, they were enough: what came twice is little
    assertLessOrEqual(leech.swarm.downloads.wasted, 25 * world.content.geometry.pieceLength);
    return world;
  },
);

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
