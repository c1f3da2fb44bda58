import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { formatEndpoint, millis } from "../../src/base/mod.ts";
import { PeerPool } from "../../src/swarm/mod.ts";
import { encodePex, Message, type PexPeer } from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import type { SwarmNode } from "./swarm_node.ts";
import { scenario, World } from "./world.ts";

/** Nodes that dial whom they are told of. */
class Gossip {
  readonly world: World;
  readonly pools = new Map<SwarmNode, PeerPool>();
  readonly #byAddress = new Map<string, SwarmNode>();

  constructor(seed: number, pieces: number) {
    this.world = new World(seed, pieces, 2);
  }

  add(complete: boolean): SwarmNode {
    const { world } = this;
    const told = (node: SwarmNode, peers: readonly PexPeer[]) => this.told(node, peers);
    const node = complete ? world.seeder({ told, rate: 20e3 }) : world.leech({ told, rate: 20e3 });
    this.pools.set(node, new PeerPool(world.random));
    this.#byAddress.set(node.name, node);
    return node;
  }

  told(node: SwarmNode, peers: readonly PexPeer[]): void {
    const pool = this.pools.get(node)!;
    for (const { host, port } of peers) pool.add({ host, port }, "pex");
    for (;;) {
      const next = pool.next(this.world.clock.now);
      if (next === null) return;
      const other = this.#byAddress.get(formatEndpoint(next));
      if (other === undefined || other === node || node.swarm.peers.length >= 20) continue;
      if (node.swarm.peers.some(({ identity }) => identity.key === other.name)) continue;
      this.world.connect(node, other);
    }
  }
}

scenario("peers who know one peer get to know all others, and complete", 10, (seed) => {
  const gossip = new Gossip(seed, 12);
  const { world } = gossip;
  const hub = gossip.add(false);
  const nodes = Array.from({ length: 11 }, () => gossip.add(false));
  const seeder = gossip.add(true);
  world.connect(seeder, hub);
  for (const node of nodes) world.connect(node, hub);
  assert(world.clock.run(120, () => nodes.every(({ swarm }) => swarm.peers.length > 1)));
  // the one that all knew goes away, and the swarm does not fall apart
  hub.open = false;
  hub.swarm.closePeers("Gone");
  world.complete(nodes, 300);
  return world;
});

scenario("a flood of addresses that lead nowhere fills a part of the pool and ends", 5, (seed) => {
  const gossip = new Gossip(seed, 12);
  const { world } = gossip;
  const victim = gossip.add(false);
  const liar = world.fake({ stingy: true });
  const connection = world.connect(liar, victim);
  let sent = 0;
  const stop = world.clock.every(100, () => {
    const added = Array.from({ length: 100 }, () => ({
      host: `9.${world.random.below(256)}.${world.random.below(256)}.${world.random.below(256)}`,
      port: 1 + world.random.below(65_535),
      flags: 0,
    }));
    sent += added.length;
    if (connection.phase !== "open") return;
    connection.out.raw(
      frame(Message.Extended, new Uint8Array([4]), encodePex({ added, dropped: [] })),
    );
    connection.flush(world.clock.now);
  });
  world.clock.run(120, () => connection.phase === "closed");
  stop();
  assertEquals(connection.phase, "closed");
  assert(sent > 1000);
  assertLessOrEqual(gossip.pools.get(victim)!.size, 200);
  assertEquals(victim.banned.size, 1);
  assert(gossip.pools.get(victim)!.next(millis(0)) === null);
  return world;
});
