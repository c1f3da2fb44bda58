import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { SwarmNode } from "../sim/swarm_node.ts";

/** What holds of a swarm at any moment, whoever came and went. */
export function assertSound({ swarm, store, name }: SwarmNode): void {
  const { blocksPerPiece, pieceCount } = swarm.geometry;
  const asked = new Map<number, number>();
  for (const peer of swarm.peers) {
    let counted = 0;
    for (const [id, askedAt] of peer.inFlight) {
      if (askedAt < 0) continue;
      counted++;
      asked.set(id, (asked.get(id) ?? 0) + 1);
    }
    assertEquals(peer.outstanding, counted, `Expected ${name} to count a peer's requests right`);
    assert(peer.connection.phase === "open", `Expected ${name} to have only open peers`);
  }
  for (const partial of swarm.downloads.partials.values()) {
    const first = partial.piece * blocksPerPiece;
    let free = 0;
    for (let block = 0; block < partial.blockCount; block++) {
      const expected = asked.get(first + block) ?? 0;
      assertEquals(
        partial.asked(block),
        expected,
        `Expected ${name} to know who owes block ${block} of piece ${partial.piece}`,
      );
      if (expected === 0 && !partial.has(block)) free++;
    }
    assertEquals(partial.free, free, `Expected ${name} to know what is free of ${partial.piece}`);
    const { soloist } = partial;
    if (soloist !== null) assert(swarm.peers.some((peer) => peer === soloist));
  }
  for (let piece = 0; piece < pieceCount; piece++) {
    const peers = swarm.peers.filter((peer) => !peer.seed && peer.pieces.has(piece)).length;
    assertEquals(swarm.picker.availability(piece), peers, `${name} counts piece ${piece} wrong`);
  }
  const begun = swarm.downloads.partials.size + swarm.verifying.size;
  assertEquals(
    swarm.picker.waiting,
    pieceCount - swarm.have.count - begun,
    `Expected ${name} to let every piece wait that is neither here nor begun`,
  );
  // a piece takes its buffer with its first block, and keeps it when it starts afresh
  const filled = [...swarm.downloads.partials.values()].filter((partial) => partial.received > 0);
  const least = filled.length + swarm.verifying.size;
  assertLessOrEqual(store.taken, begun, `Expected ${name} to hold no buffer but of begun pieces`);
  assertLessOrEqual(least, store.taken, `Expected ${name} to hold a buffer for what it received`);
}

/** What is left of a swarm whose peers are gone: nothing of theirs. */
export function assertAlone(node: SwarmNode): void {
  const { swarm, store, name } = node;
  assertEquals(swarm.peers.length, 0, `Expected ${name} to have no peers left`);
  assertEquals(node.connected, 0);
  assertEquals(swarm.verifying.size, 0, `Expected ${name} to have nothing at the disk`);
  assertSound(node);
  assert(store.holds(swarm.have), `Expected ${name} to have what it says`);
  swarm.close("The end");
  assertEquals(swarm.downloads.partials.size, 0);
  assertEquals(store.taken, 0, `Expected ${name} to have given back every buffer`);
  let suspects = 0;
  for (let i = 0; i < swarm.geometry.pieceCount; i++) if (swarm.blame.suspects(i)) suspects++;
  assertLessOrEqual(suspects, 64);
}
