import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Endpoint } from "../../src/base/mod.ts";
import { PeerListener } from "../../src/net/mod.ts";

Deno.test("a listener takes IPv4 peers, by their plain address", async () => {
  const listener = PeerListener.open(0);
  const met: Endpoint[] = [];
  const met1 = Promise.withResolvers<void>();
  const running = listener.run((socket, from) => {
    met.push(from);
    socket.close();
    met1.resolve();
  });
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: listener.port });
  await met1.promise;
  assertEquals(met, [{ host: "127.0.0.1", port: conn.localAddr.port }]);
  conn.close();
  listener.close();
  await running;
});

Deno.test("a busy port makes it take one of the next", () => {
  const first = PeerListener.open(0);
  const second = PeerListener.open(first.port);
  assert(second.port > first.port && second.port <= first.port + 9);
  second.close();
  first.close();
});

Deno.test("when all ten ports are busy it says so", () => {
  // a range of our own, from wherever one is free
  for (let start = 41_000; start < 60_000; start += 10) {
    const held: PeerListener[] = [];
    try {
      for (let port = start; port < start + 10; port++) {
        const listener = PeerListener.open(port);
        held.push(listener);
        if (listener.port !== port) break;
      }
      if (held.some((listener, i) => listener.port !== start + i)) continue;
      assertThrows(() => PeerListener.open(start), Deno.errors.AddrInUse);
      return;
    } finally {
      for (const listener of held) listener.close();
    }
  }
});

Deno.test("closing ends the run, twice or not", async () => {
  const listener = PeerListener.open(0);
  const running = listener.run(() => {});
  listener.close();
  await running;
});
