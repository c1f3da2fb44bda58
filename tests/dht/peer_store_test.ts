import { assert, assertEquals } from "@std/assert";
import {
  type Endpoint,
  type InfoHash,
  millis,
  randomBytes,
  SeededRandom,
} from "../../src/base/mod.ts";
import { randomId } from "../../src/dht/mod.ts";
import { compareDistance } from "../../src/dht/node_id.ts";
import { PEER_LIFE_MS, PeerStore } from "../../src/dht/peer_store.ts";

const random = new SeededRandom(11);
const own = randomId(random);
const LIMITS = { hashes: 20, peersOfOne: 10, peersOfHolder: 30 };

function hash(): InfoHash {
  return randomBytes(20, random) as InfoHash;
}

function peer(number: number, port = 6881): Endpoint {
  return { host: `1.2.${number >> 8}.${number & 0xff}`, port };
}

Deno.test("a peer is kept for 45 minutes, and longer when it comes again", () => {
  const store = new PeerStore(random, LIMITS);
  const one = hash();
  assert(store.add(one, peer(1), false, own, millis(0)));
  assert(store.add(one, peer(2), false, own, millis(0)));
  assert(store.add(one, peer(1), false, own, millis(1000)));
  assertEquals(store.peers, 2);
  const at = millis(PEER_LIFE_MS);
  assertEquals(store.peersOf(one, "v4", 50, false, at), [peer(1)]);
  assertEquals(store.peersOf(one, "v4", 50, false, millis(at + 1000)), []);
  store.add(hash(), peer(3), false, own, millis(at + 1000));
  assertEquals([store.hashes, store.peers], [1, 1]);
});

Deno.test("seeds are left out for seeds, and each family has its own", () => {
  const store = new PeerStore(random, LIMITS);
  const one = hash();
  store.add(one, peer(1), true, own, millis(0));
  store.add(one, peer(2), false, own, millis(0));
  store.add(one, { host: "2001:db8::1", port: 1 }, false, own, millis(0));
  assertEquals(store.peersOf(one, "v4", 50, true, millis(1)), [peer(2)]);
  assertEquals(store.peersOf(one, "v4", 50, false, millis(1)).length, 2);
  assertEquals(store.peersOf(one, "v4", 1, false, millis(1)).length, 1);
  assertEquals(store.peersOf(one, "v6", 50, false, millis(1)).length, 1);
  const counts = store.scrape(one, millis(1))!;
  assertEquals(Math.round(counts.seeds.estimate()), 1);
  assertEquals(Math.round(counts.leechers.estimate()), 2);
  assertEquals(store.scrape(hash(), millis(1)), null);
});

Deno.test("of one torrent the latest are kept, of one address not more than its part", () => {
  const store = new PeerStore(random, LIMITS);
  const one = hash();
  for (let i = 0; i < 50; i++) assert(store.add(one, peer(i), false, own, millis(i)));
  const kept = store.peersOf(one, "v4", 50, false, millis(60));
  assertEquals(
    new Set(kept.map(({ host }) => host)),
    new Set(
      Array.from({ length: 10 }, (_, i) => peer(40 + i).host),
    ),
  );
  const greedy = new PeerStore(random, LIMITS);
  let taken = 0;
  for (let i = 0; i < 100; i++) {
    const near = own.slice() as Uint8Array as InfoHash;
    near[19]! ^= i % 15;
    if (greedy.add(near, peer(1, 1 + i), false, own, millis(i))) taken++;
  }
  assertEquals(taken, 30);
});

Deno.test("a full store keeps what is near its node, however many come", () => {
  const store = new PeerStore(random, LIMITS);
  const hashes = Array.from({ length: 500 }, hash);
  for (const [i, each] of hashes.entries()) store.add(each, peer(i), false, own, millis(i));
  assertEquals(store.hashes, 20);
  const nearest = hashes.sort((a, b) => compareDistance(own, a, b)).slice(0, 20);
  for (const each of nearest) {
    assertEquals(store.peersOf(each, "v4", 50, false, millis(600)).length, 1);
  }
});

Deno.test("samples are the same for ten minutes, at most twenty, and say how many there are", () => {
  const store = new PeerStore(random);
  for (let i = 0; i < 60; i++) store.add(hash(), peer(i), false, own, millis(0));
  const first = store.samples(millis(0));
  assertEquals([first.infoHashes.length, first.total, first.interval], [20, 60, 600]);
  store.add(hash(), peer(99), false, own, millis(1));
  assertEquals(store.samples(millis(599_000)), first);
  assertEquals(store.samples(millis(600_000)).total, 61);
});
