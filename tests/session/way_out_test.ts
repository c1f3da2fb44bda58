import { assertEquals } from "@std/assert";
import type { EngineOptions } from "../../src/session/mod.ts";
import { besideNoProxy } from "../../src/session/way_out.ts";

const options = {
  listenPort: 6881,
  localDiscovery: true,
  portMapping: { gateway: null },
  dht: { nodes: [], entryPoints: [] },
} as unknown as EngineOptions;
const proxy = { host: "127.0.0.1", port: 1, user: null, password: "" } as const;

Deno.test("with a proxy nothing is left that would go beside it", () => {
  assertEquals(besideNoProxy(options), options);
  const socks = besideNoProxy({ ...options, proxy: { ...proxy, scheme: "socks5" } });
  const { listenPort, localDiscovery, portMapping, dht } = socks;
  assertEquals([listenPort, localDiscovery, portMapping, dht], [null, false, null, options.dht]);
  assertEquals(besideNoProxy({ ...options, proxy: { ...proxy, scheme: "http" } }).dht, null);
});
