import { assert, assertEquals, assertRejects } from "@std/assert";
import { addressScope, parseAddress } from "../../src/base/mod.ts";
import { SystemResolver } from "../../src/net/mod.ts";

// names that need a name server are left to the fakes: the suite stays on this machine

Deno.test("the system's own name leads to loopback, IPv4 before IPv6", async () => {
  const { signal } = new AbortController();
  const found = (await new SystemResolver().resolve("localhost", signal)).map(parseAddress);
  for (const address of found) assert(address !== null && addressScope(address) === "loopback");
  const lengths = found.map((address) => address!.length);
  assertEquals(lengths, lengths.toSorted((a, b) => a - b));
});

Deno.test("an aborted search rejects with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("leaving"));
  await assertRejects(() => new SystemResolver().resolve("localhost", signal), Error, "leaving");
});
