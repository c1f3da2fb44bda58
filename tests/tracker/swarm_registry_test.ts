import { assert, assertEquals } from "@std/assert";
import {
  type Endpoint,
  formatEndpoint,
  infoHash,
  millis,
  peerId,
  randomBytes,
  SeededRandom,
} from "../../src/base/mod.ts";
import {
  MAX_GIVEN,
  type RegistryLimits,
  type SwarmAnnounce,
  SwarmRegistry,
} from "../../src/tracker/mod.ts";

const LIMITS: RegistryLimits = { maxTorrents: 10, maxPeers: 1_000, peerLife: 600_000 };
const hash = (n: number) => infoHash(new Uint8Array(20).fill(n));
const at = millis;

/** An announce of the peer number `n`, whose address is public and its own. */
function from(n: number, changes: Partial<SwarmAnnounce> = {}): SwarmAnnounce {
  const id = new Uint8Array(20);
  id.set([n >> 8, n & 255]);
  return {
    infoHash: hash(1),
    endpoint: { host: `203.0.${n >> 8}.${n & 255}`, port: 6881 },
    peerId: peerId(id),
    left: 100,
    event: null,
    numwant: 50,
    ...changes,
  };
}

function registry(limits: Partial<RegistryLimits> = {}, seed = 1): SwarmRegistry {
  return new SwarmRegistry({ ...LIMITS, ...limits }, new SeededRandom(seed));
}

const hosts = (peers: readonly { endpoint: Endpoint }[]) =>
  peers.map((peer) => peer.endpoint.host).toSorted();

Deno.test("a peer hears of the others, never of itself, and only of its own torrent", () => {
  const swarms = registry();
  assertEquals(swarms.announce(from(1), at(0)), {
    seeders: 0,
    leechers: 1,
    downloads: 0,
    peers: [],
  });
  assertEquals(hosts(swarms.announce(from(2), at(0))!.peers), ["203.0.0.1"]);
  assertEquals(hosts(swarms.announce(from(1), at(0))!.peers), ["203.0.0.2"]);
  assertEquals(swarms.announce(from(3, { infoHash: hash(2) }), at(0))!.peers, []);
});

Deno.test("a peer does not hear of its own other address", () => {
  const swarms = registry();
  swarms.announce(from(1), at(0));
  const v6 = { host: "2001:db8::1", port: 6881 };
  assertEquals(swarms.announce(from(1, { endpoint: v6 }), at(0))!.peers, []);
});

Deno.test("a stranger who claims a peer's id neither replaces nor removes it", () => {
  const swarms = registry();
  swarms.announce(from(1), at(0));
  swarms.announce(from(2, { peerId: from(1).peerId }), at(0));
  swarms.announce(from(2, { peerId: from(1).peerId, event: "stopped" }), at(0));
  assertEquals(hosts(swarms.announce(from(3), at(0))!.peers), ["203.0.0.1"]);
});

Deno.test("seeds hear of downloaders only", () => {
  const swarms = registry();
  swarms.announce(from(1, { left: 0 }), at(0));
  swarms.announce(from(2), at(0));
  assertEquals(hosts(swarms.announce(from(3, { left: 0 }), at(0))!.peers), ["203.0.0.2"]);
  assertEquals(hosts(swarms.announce(from(4), at(0))!.peers), [
    "203.0.0.1",
    "203.0.0.2",
    "203.0.0.3",
  ]);
});

Deno.test("who begins hears of seeds even when nothing is left, as aria2 says of a magnet link", () => {
  const swarms = registry();
  swarms.announce(from(1, { left: 0 }), at(0));
  const begins = swarms.announce(from(2, { left: 0, event: "started" }), at(0))!;
  assertEquals(hosts(begins.peers), ["203.0.0.1"]);
  assertEquals(swarms.announce(from(2, { left: 0 }), at(0))!.peers, []);
});

Deno.test("a loopback address is told to loopback askers only", () => {
  const swarms = registry();
  swarms.announce(from(1, { endpoint: { host: "127.0.0.1", port: 1 } }), at(0));
  assertEquals(swarms.announce(from(2), at(0))!.peers, []);
  const near = swarms.announce(from(3, { endpoint: { host: "::1", port: 2 } }), at(0))!;
  assertEquals(hosts(near.peers), ["127.0.0.1", "203.0.0.2"]);
});

Deno.test("a download counts when a downloader completes, once", () => {
  const swarms = registry();
  const done = { left: 0, event: "completed" } as const;
  assertEquals(swarms.announce(from(9, done), at(0))!.downloads, 0);
  swarms.announce(from(1), at(0));
  assertEquals(swarms.announce(from(1, { event: "completed" }), at(0))!.downloads, 0);
  assertEquals(swarms.announce(from(1, done), at(0))!.downloads, 1);
  assertEquals(swarms.announce(from(1, done), at(0))!.downloads, 1);
  assertEquals(swarms.scrape(hash(1), at(0)), { seeders: 2, leechers: 0, downloads: 1 });
});

Deno.test("a peer not heard for its life is forgotten, one that came back is not", () => {
  const swarms = registry();
  swarms.announce(from(1), at(0));
  swarms.announce(from(2), at(0));
  swarms.announce(from(1), at(400_000));
  assertEquals(swarms.scrape(hash(1), at(599_999)).leechers, 2);
  assertEquals(swarms.scrape(hash(1), at(600_000)).leechers, 1);
  assertEquals(hosts(swarms.announce(from(3), at(999_999))!.peers), ["203.0.0.1"]);
});

Deno.test("empty swarms go away by themselves", () => {
  const swarms = registry();
  for (let n = 0; n < 10; n++) swarms.announce(from(n, { infoHash: hash(n) }), at(0));
  assertEquals([swarms.torrents, swarms.peers], [10, 10]);
  swarms.announce(from(1, { infoHash: hash(99) }), at(700_000));
  assertEquals([swarms.torrents, swarms.peers], [1, 1]);
});

Deno.test("stopped removes a peer and gives none; a swarm left by all is gone", () => {
  const swarms = registry();
  swarms.announce(from(1), at(0));
  assertEquals(swarms.announce(from(2, { event: "stopped" }), at(0))!.peers, []);
  assertEquals(swarms.torrents, 1);
  swarms.announce(from(1, { event: "stopped" }), at(0));
  assertEquals(swarms.torrents, 0);
  swarms.announce(from(1, { event: "stopped", infoHash: hash(7) }), at(0));
  assertEquals(swarms.torrents, 0);
});

Deno.test("a full registry refuses new torrents, a full swarm lists no more peers but serves them", () => {
  const swarms = registry({ maxTorrents: 1, maxPeers: 2 });
  swarms.announce(from(1), at(0));
  assertEquals(swarms.announce(from(2, { infoHash: hash(2) }), at(0)), null);
  swarms.announce(from(2), at(0));
  assertEquals(swarms.announce(from(3), at(0))!.peers.length, 2);
  assertEquals(swarms.peers, 2);
  // those listed stay
  assertEquals(hosts(swarms.announce(from(1), at(1))!.peers), ["203.0.0.2"]);
});

Deno.test("at most what was wanted is given, and never more than 200", () => {
  const swarms = registry();
  for (let n = 0; n < 500; n++) swarms.announce(from(n), at(0));
  const given = (numwant: number) => swarms.announce(from(1, { numwant }), at(0))!.peers.length;
  assertEquals([given(0), given(7), given(1_000_000)], [0, 7, MAX_GIVEN]);
});

Deno.test("every peer is as likely to be given as any other", () => {
  const swarms = registry();
  for (let n = 0; n < 20; n++) swarms.announce(from(n), at(0));
  const counts = new Map<string, number>();
  for (let round = 0; round < 2_000; round++) {
    for (const host of hosts(swarms.announce(from(99, { numwant: 5 }), at(0))!.peers)) {
      counts.set(host, (counts.get(host) ?? 0) + 1);
    }
  }
  // 500 expected each, standard deviation 19
  assertEquals(counts.size, 20);
  for (const [host, count] of counts) assert(count > 400 && count < 600, `${host}: ${count}`);
});

Deno.test("it agrees with a plain list of who announced last what, and when", () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = new SeededRandom(seed);
    const swarms = registry({ maxTorrents: 100 }, seed);
    const model = new Map<
      string,
      { hash: number; left: number; seenAt: number; endpoint: string }
    >();
    let now = 0;
    for (let step = 0; step < 300; step++) {
      now += random.below(60_000);
      for (const [key, { seenAt }] of model) if (now - seenAt >= LIMITS.peerLife) model.delete(key);
      const n = random.below(20);
      const h = random.below(4);
      const left = random.below(2) * 100;
      const event = random.below(5) === 0 ? "stopped" : null;
      const numwant = random.below(30);
      const asker = from(n, {
        infoHash: hash(h),
        left,
        event,
        numwant,
        peerId: peerId(randomBytes(20, random)),
      });
      const answer = swarms.announce(asker, at(now))!;
      const key = `${h}/${n}`;
      if (event === "stopped") model.delete(key);
      else model.set(key, { hash: h, left, seenAt: now, endpoint: formatEndpoint(asker.endpoint) });
      const swarm = [...model.values()].filter((peer) => peer.hash === h);
      assertEquals(answer.seeders, swarm.filter((peer) => peer.left === 0).length, `seed ${seed}`);
      assertEquals(answer.leechers, swarm.filter((peer) => peer.left > 0).length, `seed ${seed}`);
      const fitting = event === "stopped" ? [] : swarm
        .filter((peer) => peer.endpoint !== formatEndpoint(asker.endpoint))
        .filter((peer) => left > 0 || peer.left > 0)
        .map((peer) => peer.endpoint);
      const given = answer.peers.map((peer) => formatEndpoint(peer.endpoint));
      assertEquals(given.length, Math.min(numwant, fitting.length), `seed ${seed}`);
      assertEquals(new Set(given).size, given.length, `seed ${seed}`);
      assert(given.every((peer) => fitting.includes(peer)), `seed ${seed}`);
    }
  }
});

Deno.test("a held torrent is served beyond the limit, with a seed that nobody can remove and that never expires", () => {
  const swarms = registry({ maxTorrents: 0 });
  const seeds = [{ host: "192.0.2.1", port: 7 }, { host: "2001:db8::1", port: 7 }];
  swarms.hold(hash(1), seeds);
  assertEquals(swarms.announce(from(1, { infoHash: hash(2) }), at(0)), null);
  const { peers, ...size } = swarms.announce(from(1), at(0))!;
  assertEquals(size, { seeders: 1, leechers: 1, downloads: 0 });
  assertEquals(peers, seeds.map((endpoint) => ({ ...peers[0]!, endpoint })));
  assertEquals(peers[0]!.peerId, null);
  const stranger = from(2, { endpoint: seeds[0]!, event: "stopped", left: 0 });
  swarms.announce(stranger, at(1));
  const late = at(10 * LIMITS.peerLife);
  assertEquals(swarms.scrape(hash(1), late), { seeders: 1, leechers: 0, downloads: 0 });
  assertEquals(hosts(swarms.announce(from(3), late)!.peers), hosts(peers));
  assertEquals(hosts(swarms.announce(from(3, { ownFamily: true }), late)!.peers), ["192.0.2.1"]);
  // with a magnet link alone some clients say that nothing is left
  const eager = swarms.announce(from(4, { left: 0 }), late)!;
  assertEquals(eager.peers.filter(({ peerId }) => peerId === null).length, seeds.length);
});
