import { assert, assertEquals } from "@std/assert";
import { type Endpoint, millis, SeededRandom } from "../../src/base/mod.ts";
import { randomId } from "../../src/dht/mod.ts";
import { RoutingTable } from "../../src/dht/routing_table.ts";
import { compareDistance, idAtDistance, sharedBits } from "../../src/dht/node_id.ts";

const random = new SeededRandom(7);
const own = randomId(random);
const MINUTE = 60_000;

function table(): RoutingTable {
  return new RoutingTable(own, random, millis(0));
}

/** An address in a network of its own. */
function place(number: number): Endpoint {
  return { host: `${20 + (number >> 8)}.${number & 0xff}.1.1`, port: 6881 };
}

/** `count` nodes that share exactly `bits` bits with us, from place `first` on. */
function fill(into: RoutingTable, bits: number, count: number, first: number, at = 0): Endpoint[] {
  const endpoints = Array.from({ length: count }, (_, i) => place(first + i));
  for (const endpoint of endpoints) {
    into.heard({ id: idAtDistance(own, bits, random), endpoint }, millis(at));
  }
  return endpoints;
}

Deno.test("a bucket holds eight, and only ours splits", () => {
  const nodes = table();
  fill(nodes, 0, 20, 0);
  assertEquals(nodes.size, 8);
  fill(nodes, 1, 20, 100);
  assertEquals(nodes.size, 16);
  fill(nodes, 40, 20, 200);
  assertEquals(nodes.size, 24);
});

Deno.test("the closest are the closest of all, nearest first", () => {
  const nodes = table();
  for (let i = 0; i < 300; i++) {
    nodes.heard({ id: randomId(random), endpoint: place(i) }, millis(0));
  }
  const target = randomId(random);
  const all = nodes.closest(target, 1000).map(({ id }) => id);
  assertEquals(nodes.closest(target, 8).map(({ id }) => id), all.slice(0, 8));
  for (let i = 1; i < all.length; i++) {
    assert(compareDistance(target, all[i - 1]!, all[i]!) < 0);
  }
});

Deno.test("we are not in our own table, and nobody is twice", () => {
  const nodes = table();
  assert(!nodes.heard({ id: own, endpoint: place(1) }, millis(0)));
  const id = randomId(random);
  assert(nodes.heard({ id, endpoint: place(1) }, millis(0)));
  assert(nodes.heard({ id, endpoint: place(1) }, millis(1)));
  assert(!nodes.heard({ id, endpoint: place(2) }, millis(1)), "another cannot take its id over");
  assertEquals(nodes.size, 1);
  // it began anew
  const next = randomId(random);
  assert(nodes.heard({ id: next, endpoint: place(1) }, millis(2)));
  assertEquals(nodes.closest(next, 8).map((node) => node.id), [next]);
});

Deno.test("an address has one node, a network one in a bucket, unless they are local", () => {
  const nodes = table();
  const add = (host: string, port: number, bits: number) =>
    nodes.heard({ id: idAtDistance(own, bits, random), endpoint: { host, port } }, millis(0));
  assert(add("1.2.3.4", 1, 0));
  assert(!add("1.2.3.4", 2, 5), "the same address");
  assert(!add("1.2.3.5", 1, 0), "the same network in the same bucket");
  fill(nodes, 0, 8, 0);
  fill(nodes, 5, 1, 50);
  assert(add("1.2.3.6", 1, 5), "the same network in another bucket");
  assert(add("2a01:4f8::1", 1, 6));
  assert(!add("2a01:4f8::2", 1, 7), "one home has one node");
  assert(add("10.0.0.1", 1, 8));
  assert(add("10.0.0.1", 2, 8));
  assert(add("127.0.0.1", 2, 8));
});

Deno.test("a node that fails goes when another waits, or after five failures", () => {
  const nodes = table();
  const first = fill(nodes, 0, 8, 0);
  fill(nodes, 0, 1, 8);
  assert(!nodes.has(place(8)), "it waits");
  nodes.failed(first[0]!, millis(1));
  assert(nodes.has(first[0]!), "one lost packet is nothing");
  nodes.failed(first[0]!, millis(2));
  assert(!nodes.has(first[0]!));
  assert(nodes.has(place(8)));
  for (let i = 0; i < 4; i++) nodes.failed(first[1]!, millis(3 + i));
  assert(nodes.has(first[1]!));
  assert(
    !nodes.closest(own, 8).some(({ endpoint }) => endpoint === first[1]),
    "nobody is told of it",
  );
  nodes.failed(first[1]!, millis(8));
  assert(!nodes.has(first[1]!));
  assertEquals(nodes.size, 7);
});

Deno.test("who answers again is good again, and a bad one gives its place to a newcomer", () => {
  const nodes = table();
  const [a, b] = fill(nodes, 0, 8, 0) as [Endpoint, Endpoint];
  for (const endpoint of [a, b]) for (let i = 0; i < 2; i++) nodes.failed(endpoint, millis(i));
  const back = nodes.questionable(millis(5))!;
  assertEquals(back.endpoint, a);
  assert(nodes.heard(back, millis(6)));
  fill(nodes, 0, 1, 30, 7);
  assert(nodes.has(a));
  assert(!nodes.has(b));
  assert(nodes.has(place(30)));
});

Deno.test("after 15 minutes of silence a node is questionable and a bucket wants news", () => {
  const nodes = table();
  fill(nodes, 0, 3, 0);
  fill(nodes, 1, 8, 100);
  assertEquals(nodes.good(millis(14 * MINUTE)).length, 11);
  assertEquals(nodes.questionable(millis(14 * MINUTE)), null);
  assertEquals(nodes.refresh(millis(14 * MINUTE)), null);
  assertEquals(nodes.good(millis(15 * MINUTE)).length, 0);
  assertEquals(nodes.questionable(millis(15 * MINUTE))?.endpoint, place(0));
  const target = nodes.refresh(millis(15 * MINUTE))!;
  assertEquals(sharedBits(target, own), 0);
});

Deno.test("a table never grows beyond its buckets, whoever comes", () => {
  const nodes = table();
  for (let i = 0; i < 20_000; i++) {
    const host = `${1 + random.below(9)}.${random.below(256)}.${random.below(256)}.1`;
    nodes.heard({ id: randomId(random), endpoint: { host, port: 1 } }, millis(i));
    if (i % 3 === 0) nodes.failed({ host, port: 1 }, millis(i));
  }
  assert(nodes.size <= 20 * 8, `Expected at most 160 nodes, got ${nodes.size}`);
  assert(nodes.size >= 60);
});
