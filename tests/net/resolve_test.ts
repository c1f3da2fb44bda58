import { assertEquals, assertRejects } from "@std/assert";
import { SystemResolver } from "../../src/net/mod.ts";

Deno.test("a search that takes too long finds nothing", async () => {
  // no time at all, so that no name server needs to be there
  const { signal } = new AbortController();
  assertEquals(await new SystemResolver(0).resolve("tracker.invalid", signal), []);
});

Deno.test("an aborted search rejects with the signal's reason", async () => {
  const controller = new AbortController();
  const searching = new SystemResolver().resolve("tracker.invalid", controller.signal);
  controller.abort(new Error("leaving"));
  await assertRejects(() => searching, Error, "leaving");
  await assertRejects(() => new SystemResolver().resolve("x", controller.signal), Error, "leaving");
});
