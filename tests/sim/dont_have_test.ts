import { assertEquals, assertGreater } from "@std/assert";
import type { PieceIndex } from "../../src/base/mod.ts";
import type { SwarmNode } from "./swarm_node.ts";
import { scenario, World } from "./world.ts";

/** A piece leaves a node's memory. */
function drop(node: SwarmNode, piece: number, again: boolean): void {
  node.store.held.delete(piece);
  node.swarm.dropPiece(piece as PieceIndex, again, node.clock.now);
}

scenario(
  "peers that keep only their latest pieces serve each other and all get everything",
  10,
  (seed) => {
    const world = new World(seed, 40, 3);
    const origin = world.seeder({ rate: 400e3 });
    const leeches = Array.from({ length: 4 }, () => world.leech({ rate: 400e3 }));
    const dropped = new Map(leeches.map((leech) => [leech, 0]));
    leeches.forEach((leech, i) => {
      world.connect(leech, origin);
      for (const other of leeches.slice(0, i)) world.connect(leech, other);
      world.clock.every(100, () => {
        for (const piece of [...leech.swarm.have].slice(0, -12)) {
          drop(leech, piece, false);
          dropped.set(leech, dropped.get(leech)! + 1);
        }
      });
    });
    world.complete(leeches, 300);
    const { pieceCount, totalLength } = world.content.geometry;
    for (const leech of leeches) {
      assertEquals(dropped.get(leech)! + leech.pieces, pieceCount);
      // nothing is fetched twice but the few blocks of the endgame
      assertGreater(totalLength * 1.25, leech.swarm.downloads.rate.total);
    }
    const fromOrigin = origin.swarm.uploads.rate.total;
    assertGreater(leeches.length * totalLength - fromOrigin, totalLength / 2);
    return world;
  },
);

scenario(
  "pieces that peers lose at any moment are fetched from others, and again when wanted",
  20,
  (seed) => {
    const world = new World(seed, 24, 4);
    const leech = world.leech();
    const forgetful = Array.from({ length: 3 }, () => world.seeder({ rate: 60e3 }));
    for (const peer of [...forgetful, world.seeder({ rate: 60e3 })]) world.connect(leech, peer);
    world.clock.every(60, () => {
      const peer = forgetful[world.random.below(3)]!;
      const held = [...peer.swarm.have];
      if (held.length > 6) drop(peer, held[world.random.below(held.length)]!, false);
    });
    for (let i = 1; i <= 8; i++) {
      world.clock.in(i * 400, () => {
        const [piece] = leech.swarm.have;
        if (piece !== undefined) drop(leech, piece, true);
      });
    }
    world.clock.run(5);
    world.complete([leech], 300);
    assertEquals(leech.banned.size, 0);
    return world;
  },
);
