import { assert, assertEquals } from "@std/assert";
import { type Endpoint, formatEndpoint, type InfoHash, parseAddress } from "../../src/base/mod.ts";
import { isSecureId } from "../../src/dht/mod.ts";
import { DhtNetwork, type SimNode } from "./dht_network.ts";

/** Round trips that a search among 200 nodes may take from one node to the next, and its questions. */
const MOST_HOPS = 5;
const MOST_ASKED = 60;

/** A network of 200 in which a share of the nodes turned dead and another lies, and a torrent somebody announced. */
function announced(seed: number, dead: number, liars: number) {
  const network = new DhtNetwork(seed);
  network.grow(200);
  network.turn("dead", dead);
  network.turn("liar", liars);
  const [announcer] = network.some(1) as [SimNode];
  const infoHash = network.hash();
  const told = announcer.search({ infoHash, announce: { port: 7000, seed: false } });
  network.clock.run(2);
  return { network, infoHash, told, peer: { host: announcer.endpoint.host, port: 7000 } };
}

function has(peers: readonly Endpoint[], peer: Endpoint): boolean {
  return peers.some((each) => formatEndpoint(each) === formatEndpoint(peer));
}

for (const seed of [1, 2, 3]) {
  Deno.test(`dht: among 200 honest nodes a torrent is found in a few round trips (seed ${seed})`, () => {
    const { network, infoHash, told, peer } = announced(seed, 0, 0);
    assertEquals(told.result.announced, 8);
    const searcher = network.add(network.some(3).map(({ endpoint }) => endpoint));
    const { peers, result, found, ended } = searcher.search({ infoHash, announce: null });
    assert(has(peers, peer), `Expected ${formatEndpoint(peer)} among ${peers.length}`);
    assert(result.hops <= MOST_HOPS, `Expected at most ${MOST_HOPS} hops, got ${result.hops}`);
    assert(result.asked <= 25, `Expected at most 25 questions, got ${result.asked}`);
    assert(ended < 1.5, `Expected the end within 1.5 s, got ${ended}`);
    assert(found < 1, `Expected the peer within 1 s, got ${found}`);
  });

  Deno.test(`dht: with 15 % dead and 15 % lying it is found all the same (seed ${seed})`, () => {
    const { network, infoHash, told, peer } = announced(seed, 0.15, 0.15);
    assert(told.result.announced >= 4, `Expected 4 announces, got ${told.result.announced}`);
    // anybody may be among those a newcomer knows
    const known = [...network.some(2), ...network.nodes.slice(0, 4)];
    const searcher = network.add(known.map(({ endpoint }) => endpoint));
    const { peers, result, found, ended } = searcher.search({ infoHash, announce: null });
    assert(has(peers, peer), `Expected ${formatEndpoint(peer)} among ${peers.length}`);
    assert(result.hops <= MOST_HOPS, `Expected at most ${MOST_HOPS} hops, got ${result.hops}`);
    assert(result.asked <= MOST_ASKED, `Expected ${MOST_ASKED} questions, got ${result.asked}`);
    assert(ended < 6, `Expected the end within 6 s, got ${ended}`);
    assert(found < 3, `Expected the peer within 3 s, got ${found}`);
    const { sentPackets } = searcher;
    assert(sentPackets <= 250, `Expected 250 packets, its own entry included, got ${sentPackets}`);
  });
}

Deno.test("dht: while nodes come and go, every torrent announced of late is found", () => {
  const network = new DhtNetwork(8);
  network.grow(60);
  network.loss = 0.05;
  const torrents: { infoHash: InfoHash; port: number }[] = [];
  for (let round = 0; round < 10; round++) {
    // a third of an hour: six of sixty leave without a word and six come
    for (const node of network.some(6)) node.manner = "dead";
    for (let i = 0; i < 6; i++) network.add(network.some(3).map(({ endpoint }) => endpoint));
    const infoHash = network.hash();
    const [announcer] = network.some(1) as [SimNode];
    announcer.search({ infoHash, announce: { port: 7000 + round, seed: false } });
    torrents.push({ infoHash, port: 7000 + round });
    network.clock.run(20 * 60);
    for (const { infoHash, port } of torrents.slice(-2)) {
      const [searcher] = network.some(1) as [SimNode];
      const { peers } = searcher.search({ infoHash, announce: null });
      assert(peers.some((peer) => peer.port === port), `Expected ${port} in round ${round}`);
    }
  }
  // the dead are forgotten: what anybody is told of mostly lives
  const [one] = network.some(1) as [SimNode];
  const told = one.dht.export(network.clock.now).map(({ endpoint }) => formatEndpoint(endpoint));
  const alive = new Set(network.some(1000).map(({ endpoint }) => formatEndpoint(endpoint)));
  const share = told.filter((each) => alive.has(each)).length / told.length;
  assert(told.length >= 12, `Expected 12 nodes, got ${told.length}`);
  assert(share > 0.8, `Expected most of them alive, got ${share}`);
});

Deno.test("dht: an idle node sends less than a hundredth of what it may", () => {
  const network = new DhtNetwork(9);
  network.grow(60, 300);
  const [one] = network.some(1) as [SimNode];
  const [bytes, packets] = [one.sentBytes, one.sentPackets];
  network.clock.run(1800);
  const rate = (one.sentBytes - bytes) / 1800;
  assert(one.sentPackets > packets, "it is not asleep");
  assert(rate < 100, `Expected less than 100 bytes a second, got ${rate}`);
});

Deno.test("dht: a node that only asks is in nobody's table, and all ids follow from addresses", () => {
  const network = new DhtNetwork(10);
  network.grow(30);
  for (const { dht, endpoint } of network.nodes) {
    assert(isSecureId(dht.id("v4")!, parseAddress(endpoint.host)!), formatEndpoint(endpoint));
  }
  const quiet = network.add(network.some(3).map(({ endpoint }) => endpoint), true);
  network.clock.run(600);
  assert(quiet.dht.status(network.clock.now).nodes >= 8);
  for (const node of network.nodes) {
    const known = node.dht.export(network.clock.now);
    assert(
      !known.some(({ endpoint }) => formatEndpoint(endpoint) === formatEndpoint(quiet.endpoint)),
    );
  }
});
