import { assert, assertEquals } from "@std/assert";
import { endpoint } from "../../src/base/mod.ts";
import { Arrivals } from "../../src/session/arrivals.ts";
import { World } from "./world.ts";

Deno.test("a peer from outside proves that the port is open, also for the next session; one near us does not", async () => {
  await using world = await World.start();
  const { manager } = world;
  assertEquals(await manager.testPort(), null);
  world.session.arrivals = { outside: 0, near: 3 };
  assertEquals(await manager.testPort(), null);
  world.session.arrivals = { outside: 1, near: 3 };
  assertEquals(await manager.testPort(), true);
  await manager.setSession({ pex: false });
  assertEquals(world.session.arrivals.outside, 0);
  assertEquals(await manager.testPort(), true);
});

Deno.test("peers that come are counted by where they come from", () => {
  const arrivals = new Arrivals();
  for (const host of ["9.9.9.9", "2a00::1", "192.168.1.2", "127.0.0.1", "fe80::1"]) {
    const from = endpoint(host, 1);
    assert(from !== null);
    arrivals.note(from);
  }
  assertEquals([arrivals.outside, arrivals.near], [2, 3]);
});
