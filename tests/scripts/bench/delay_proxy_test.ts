import { assert, assertEquals } from "@std/assert";
import { DelayProxy } from "../../../scripts/bench/link/delay_proxy.ts";
import { Source, transferSeconds } from "../../../scripts/bench/link/transfer.ts";

Deno.test("everything comes through a delaying proxy, and not before its delay", async () => {
  const bytes = 3_000_000;
  await using source = new Source(bytes);
  await using proxy = new DelayProxy(source.port, { delay: 20, bytesPerSecond: 50_000_000 });
  const seconds = await transferSeconds(proxy.port, bytes);
  assertEquals(proxy.delivered, bytes);
  // There, back, and 60 ms of data.
  assert(seconds >= 0.1, `${seconds} s`);
});

Deno.test("a proxy to a port where nobody listens ends the connection", async () => {
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = gone.addr;
  gone.close();
  await using proxy = new DelayProxy(port, { delay: 1, bytesPerSecond: 1e6 });
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
  assertEquals(await conn.read(new Uint8Array(1)), null);
});
