/** Metadata from peers of whom some lie: it must come all the same, whoever they are. */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Bytes } from "../../src/base/mod.ts";
import { METADATA_PIECE } from "../../src/wire/mod.ts";
import { hashOf, Holder, type Holding, noise, SearchNode } from "./metadata_nodes.ts";
import { scenario, World } from "./world.ts";

/** A search and who is asked; liars come first, in the order of the list. */
class Hunt {
  readonly world: World;
  readonly metadata: Bytes;
  readonly search: SearchNode;
  readonly holders: Holder[] = [];

  /** `slow`: some send little at a time, so nothing may come in large parts. */
  constructor(seed: number, size: number, slow?: "slow") {
    this.world = new World(seed);
    if (slow !== undefined) this.world.fragments = "whole";
    this.metadata = noise(size, this.world.random);
    this.search = new SearchNode(this.world.clock, hashOf(this.metadata));
  }

  add(holding: Partial<Holding> = {}, dials = false): Holder {
    const { clock } = this.world;
    const name = `8.8.8.8:${this.holders.length + 1}`;
    const holder = new Holder(clock, name, { metadata: this.metadata, ...holding });
    this.holders.push(holder);
    if (dials) this.world.connect(holder, this.search);
    else this.world.connect(this.search, holder);
    return holder;
  }

  /** Metadata of the right size that is wrong in every piece. */
  fake(): Bytes {
    return noise(this.metadata.length, this.world.random);
  }

  /** Runs until it is found; the virtual seconds that took. */
  find(seconds: number): number {
    const { clock } = this.world;
    const from = clock.now;
    const found = clock.run(seconds, () => this.search.found !== null);
    assert(found, `Expected the metadata within ${seconds} s`);
    assertEquals(this.search.found, this.metadata);
    this.search.stop();
    return (clock.now - from) / 1000;
  }

  /** Only who lied may be banned. */
  expectBanned(liars: readonly Holder[]): void {
    const names = liars.map(({ name }) => name);
    for (const name of this.search.banned) assert(names.includes(name), `Expected ${name} to stay`);
  }
}

scenario("metadata comes from one peer, and from several at once in parts", 10, (seed) => {
  const alone = new Hunt(seed, 1 + seed * 70_001);
  alone.add({}, seed % 2 === 0);
  const slow = alone.find(60);
  const hunt = new Hunt(seed, 500_000 + seed);
  for (let i = 0; i < 8; i++) hunt.add({ rate: 50_000 }, i % 2 === 0);
  hunt.find(60);
  assert(slow > 0);
  const pieces = Math.ceil(hunt.metadata.length / METADATA_PIECE);
  for (const { asked } of hunt.holders) assertLessOrEqual(asked, pieces / 2);
  return hunt.world;
});

scenario("one honest peer among ten that send metadata of another hash", 20, (seed) => {
  // every peer has a part in the first copies, and the honest one is the slowest
  const hunt = new Hunt(seed, 600_000);
  const honest = seed % 10;
  const liars: Holder[] = [];
  for (let i = 0; i < 10; i++) {
    if (i === honest) hunt.add({ rate: 100_000 });
    else liars.push(hunt.add({ metadata: hunt.fake() }));
  }
  hunt.find(120);
  hunt.expectBanned(liars);
  return hunt.world;
});

scenario("one honest peer among ten that claim other sizes", 20, (seed) => {
  const hunt = new Hunt(seed, 200_000);
  const liars: Holder[] = [];
  for (let i = 0; i < 9; i++) {
    const claims = [1, 199_999, 200_001, 32 * 1024 * 1024][i % 4]!;
    const silent = i % 2 === 0;
    liars.push(hunt.add({
      metadata: noise(Math.min(claims, 400_000), hunt.world.random),
      claims,
      ...(silent ? { answer: () => "silence" as const } : {}),
    }));
  }
  hunt.add();
  const seconds = hunt.find(30);
  assertLessOrEqual(seconds, 5, "Expected liars about the size to cost no time");
  hunt.expectBanned(liars);
  return hunt.world;
});

scenario("peers that refuse, say nothing, leave or have nothing hold nobody up", 20, (seed) => {
  const hunt = new Hunt(seed, 150_000);
  hunt.add({ metadata: null });
  hunt.add({ answer: () => "reject" });
  hunt.add({ answer: () => "silence" });
  hunt.add({ answer: (_piece, asked) => asked > 2 ? "leave" : "give" });
  hunt.add({ answer: (piece) => piece === 0 ? "reject" : "give" });
  hunt.add({ answer: (piece) => piece === 1 ? "silence" : "give" });
  hunt.add({ rate: 20_000 });
  hunt.find(60);
  hunt.expectBanned([]);
  return hunt.world;
});

scenario("a peer that refuses first and gives later is asked again", 5, (seed) => {
  const hunt = new Hunt(seed, 60_000);
  hunt.add({ answer: (_piece, asked) => asked <= 10 ? "reject" : "give" });
  hunt.find(120);
  return hunt.world;
});

scenario("liars that trickle do not keep the honest one from its turn", 5, (seed) => {
  const hunt = new Hunt(seed, 600_000, "slow");
  // two quick ones make sure that everybody is heard alone
  const liars = [0, 1].map(() => hunt.add({ metadata: hunt.fake() }));
  // five minutes for a copy each, three at a time: without turns, twenty minutes
  for (let i = 0; i < 12; i++) liars.push(hunt.add({ metadata: hunt.fake(), rate: 2_000 }));
  hunt.add({ rate: 100_000 });
  hunt.find(400);
  hunt.expectBanned(liars);
  return hunt.world;
});

scenario("a slow peer that is alone is waited for", 5, (seed) => {
  const hunt = new Hunt(seed, 200_000, "slow");
  hunt.add({ rate: 2_000 });
  assertLessOrEqual(hunt.find(150), 120);
  return hunt.world;
});

scenario("a slow honest peer gets its turn among quick liars", 5, (seed) => {
  const hunt = new Hunt(seed, 100_000, "slow");
  const liars = [0, 1, 2].map(() => hunt.add({ metadata: hunt.fake() }));
  hunt.add({ rate: 2_000 });
  hunt.find(150);
  hunt.expectBanned(liars);
  return hunt.world;
});

scenario("what only silent peers were asked for is asked of one that comes later", 5, (seed) => {
  const hunt = new Hunt(seed, 100_000);
  for (let i = 0; i < 8; i++) hunt.add({ answer: () => "silence" });
  hunt.world.clock.run(20);
  hunt.add();
  assertLessOrEqual(hunt.find(30), 20);
  return hunt.world;
});

scenario(
  "the largest metadata claimed by many costs no more memory than has arrived",
  3,
  (seed) => {
    const hunt = new Hunt(seed, 50_000);
    const junk = noise(40_000, hunt.world.random);
    for (let i = 0; i < 20; i++) {
      hunt.add({ metadata: junk, claims: 32 * 1024 * 1024 - i, answer: () => "silence" });
    }
    hunt.world.clock.run(5);
    assertEquals(hunt.search.fetch.received, 0);
    hunt.add();
    hunt.find(30);
    return hunt.world;
  },
);

scenario("a connection cut without a word: others go on with what it owed", 10, (seed) => {
  const hunt = new Hunt(seed, 400_000);
  const { world, search } = hunt;
  const dead = new Holder(world.clock, "8.8.8.8:99", { metadata: hunt.metadata });
  world.connect(search, dead, { cutAt: world.clock.now + 250 });
  hunt.add({ rate: 200_000 });
  const seconds = hunt.find(60);
  assertLessOrEqual(seconds, 20);
  return world;
});

scenario(
  "metadata that comes from elsewhere ends the search, whatever peers still send",
  5,
  (seed) => {
    const hunt = new Hunt(seed, 400_000);
    const { world: { clock }, search, metadata } = hunt;
    const giving = Array.from({ length: 3 }, () => hunt.add({ rate: 20_000 }));
    const liar = hunt.add({ metadata: hunt.fake(), rate: 20_000 });
    assert(!clock.run(3, () => search.found !== null), "Expected it to take longer");
    search.fetch.supply(metadata);
    assertEquals(search.found, metadata);
    const asked = () => [...giving, liar].map((holder) => holder.asked);
    // requests on their way still arrive
    clock.run(2, () => false);
    const before = asked();
    search.found = null;
    search.fetch.supply(hunt.fake());
    clock.run(60, () => false);
    assertEquals([search.found, asked()], [null, before]);
    assertEquals(search.fetch.peers.length, 4);
    search.stop();
    return hunt.world;
  },
);
