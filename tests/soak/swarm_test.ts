import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { World } from "../sim/world.ts";
import { Crowd } from "./crowd.ts";
import { liveBytes, survivors } from "./memory.ts";

const MINUTES = 30;
const SEEDS = [1, 2, 3, 4, 5, 6];
const LEAST_SEEN = 20;
/** What may stay on the heap: compiled code and feedback, the test runner's own. */
const MOST_LEFT = 4 * 1024 * 1024;

for (const seed of SEEDS) {
  Deno.test(`${MINUTES} minutes of 50 peers that come and go leave nothing behind, seed ${seed}`, async () => {
    soak(seed, 2);
    const before = await liveBytes();
    const { connections, seen } = soak(seed, MINUTES);
    assertEquals(await survivors(connections), 0, "Expected no connection to be kept alive");
    assertLess(await liveBytes() - before, MOST_LEFT);
    // nobody takes a quiet half hour for a soak
    for (const [what, count] of Object.entries(seen)) assertGreater(count, LEAST_SEEN, what);
  });
}

/** A whole run, from the first peer to the last. */
function soak(seed: number, minutes: number): Pick<Crowd, "connections" | "seen"> {
  const world = new World(seed, 96, 4);
  const { clock } = world;
  const crowd = new Crowd(world);
  crowd.run(minutes * 60);
  crowd.disperse();
  // longer than anything in a swarm waits
  clock.run(600);
  for (const { swarm, name } of crowd.residents) assertEquals(swarm.peers.length, 0, name);
  crowd.end();
  clock.run(60);
  assertEquals(clock.planned, 0, "Expected nothing planned any more");
  assertEquals(world.nodes.length, 0);
  const { connections, seen } = crowd;
  return { connections, seen };
}
