import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { BLOCK_SIZE } from "../../src/metainfo/mod.ts";
import { FAST_DISK } from "./disk.ts";
import type { SimStream } from "./stream.ts";
import { SimWeb, type Web } from "./web.ts";
import { scenario, World } from "./world.ts";

const GOOD: Web = { latency: 30, rate: 5e6 };

scenario("a web server alone gives everything, each byte once", 20, (seed) => {
  const world = new World(seed, 40, 3);
  const leech = world.leech();
  const web = new SimWeb(leech, { w: GOOD });
  world.complete([leech], 60);
  const { downloads } = leech.swarm;
  assertEquals([downloads.wasted, web.sent], [0, world.content.data.length]);
  assertEquals(web.news.map(({ type }) => type), ["serves"]);
  return world;
});

scenario("a web server and peers share the work, and little comes twice", 20, (seed) => {
  const world = new World(seed, 60, 8);
  const leech = world.leech();
  const web = new SimWeb(leech, { w: { latency: world.between(5, 200), rate: 1e6 } });
  for (let i = 0; i < 3; i++) {
    world.connect(leech, world.fake({ have: world.content.some(70, world.random), rate: 3e5 }));
  }
  world.complete([leech], 120);
  const all = world.content.data.length;
  const { downloads } = leech.swarm;
  assertLess(downloads.wasted, all * 0.1);
  assertGreater(downloads.rate.total - web.sent, all * 0.1);
  assertGreater(web.sent, all * 0.2);
  return world;
});

scenario("wrong bytes of a web server send it away, and nobody else", 20, (seed) => {
  const world = new World(seed, 30, 3);
  const leech = world.leech();
  const spoil: Web["spoil"] = (good, offset) => {
    if (offset > world.content.data.length / 3) good[world.random.below(good.length)]! ^= 1;
    return good;
  };
  const web = new SimWeb(leech, { bad: { ...GOOD, spoil }, good: { ...GOOD, rate: 5e5 } });
  const peers = seed % 2;
  for (let i = 0; i < peers; i++) world.connect(leech, world.fake({ rate: 3e5 }));
  world.complete([leech], 200);
  const banned = web.news.filter(({ type }) => type === "banned").map(({ url }) => url);
  assertEquals([banned, leech.banned.size, leech.disputed.size], [["bad"], 0, 0]);
  return world;
});

scenario("a lying web server alone is sent away, and the download waits", 5, (seed) => {
  const world = new World(seed, 10, 2);
  const leech = world.leech();
  const web = new SimWeb(leech, { w: { ...GOOD, spoil: (good) => good.fill(1) } });
  world.clock.run(60, () => false);
  assertEquals(leech.pieces, 0);
  assertEquals(web.news.map(({ type }) => type), ["serves", "banned"]);
  assertEquals(web.requests < 4, true, `Expected no more requests, got ${web.requests}`);
  return world;
});

scenario("a file that is missing at a web server comes from a peer", 20, (seed) => {
  const world = new World(seed, 30, 3);
  const all = world.content.data.length;
  const [a, b] = [world.between(1, all / 3), world.between(1, all / 3)];
  const leech = world.leech();
  const fault: Web["fault"] = (_count, offset) => offset >= a && offset < a + b ? "missing" : null;
  const web = new SimWeb(leech, { w: { ...GOOD, fault } }, [a, b, all - a - b]);
  world.clock.run(30, () => false);
  assertEquals(leech.complete, false);
  assertGreater(leech.pieces, 0);
  assertEquals(web.news.filter(({ type }) => type === "failed").length, 1);
  world.connect(leech, world.fake());
  world.complete([leech], 60);
  return world;
});

scenario("a busy web server is asked again, later and later", 5, (seed) => {
  const world = new World(seed, 30, 3);
  const leech = world.leech();
  const fault: Web["fault"] = (count) => count < 5 ? "busy" : null;
  const web = new SimWeb(leech, { w: { ...GOOD, fault } });
  world.complete([leech], 100);
  const waits = web.news.flatMap((news) => news.type === "failed" ? [news.wait] : []);
  assertEquals(waits, [2_000, 4_000, 8_000, 16_000, 32_000]);
  return world;
});

scenario("a web server that breaks off goes on where it was", 20, (seed) => {
  const world = new World(seed, 20, 3);
  const leech = world.leech();
  const web = new SimWeb(leech, { w: { ...GOOD, breaksAfter: world.between(20_000, 300_000) } });
  world.complete([leech], 400);
  const broken = web.news.filter(({ type }) => type === "failed").length;
  assertGreater(broken, 0);
  const { rate, wasted } = leech.swarm.downloads;
  // a block that was cut in two comes again, and a connection may give pieces to another one too late
  assertLess(wasted, (broken + 8) * 2 * BLOCK_SIZE);
  assertEquals(rate.total - wasted, world.content.data.length);
  return world;
});

scenario("a web server without ranges gives a file, and a folder", 20, (seed) => {
  const world = new World(seed, 30, 3);
  const all = world.content.data.length;
  const leech = world.leech({ have: world.content.some(world.between(0, 60), world.random) });
  const first = world.between(1, all - 1);
  const web = new SimWeb(
    leech,
    { w: { ...GOOD, whole: true } },
    seed % 2 === 0 ? [] : [first, all - first],
  );
  world.complete([leech], 100);
  assertLess(web.sent, 3 * all);
  return world;
});

scenario("pieces that a peer began and left are finished by a web server", 20, (seed) => {
  const world = new World(seed, 8, 40);
  const leech = world.leech();
  const fake = world.fake({ rate: 1e5 });
  const connection = world.connect(leech, fake);
  world.clock.run(3, () => false);
  assertGreater(leech.swarm.downloads.partials.size, 0);
  connection.close("Gone");
  new SimWeb(leech, { w: { ...GOOD, whole: seed % 2 === 0 } });
  world.complete([leech], 60);
  return world;
});

scenario("what slow peers owe at the end comes from a web server", 20, (seed) => {
  const world = new World(seed, 6, 20);
  const leech = world.leech();
  for (let i = 0; i < 6; i++) world.connect(leech, world.fake({ rate: 2_000 }));
  world.clock.run(5, () => false);
  new SimWeb(leech, { w: GOOD });
  world.complete([leech], 30);
  return world;
});

scenario("a silent web server holds up no stream that peers can serve", 5, (seed) => {
  const world = new World(seed, 300, 4);
  const leech = world.leech({ reader: { rate: Infinity, window: 250 } });
  // it takes ten minutes to answer, and was promised the first pieces of the window
  new SimWeb(leech, { w: { ...GOOD, latency: 600_000 } });
  world.connect(leech, world.fake({ rate: 1e6 }));
  const { delivered } = leech.store as SimStream;
  assert(world.clock.run(5, () => delivered.length > 0), "Expected the first piece within 5 s");
  world.complete([leech], 60);
  return world;
});

scenario(
  "a stream comes from a web server, in order and no further than its window",
  10,
  (seed) => {
    const world = new World(seed, 60, 4);
    const reader = { rate: seed % 2 === 0 ? Infinity : 4e5, window: 8 };
    const leech = world.leech({ reader, disk: FAST_DISK });
    const web = new SimWeb(leech, { w: GOOD });
    if (seed % 3 === 0) world.connect(leech, world.fake({ rate: 2e5 }));
    world.complete([leech], 120);
    assert(leech.store.mostTaken <= 8 + 8);
    assertGreater(web.requests, 1);
    return world;
  },
);
