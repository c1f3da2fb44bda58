import { assertEquals } from "@std/assert";
import { lacksOf } from "../../src/engine/lacks.ts";
import type { EngineOptions } from "../../src/session/mod.ts";

const dht = { nodes: [], entryPoints: [] };
const proxy = { host: "127.0.0.1", port: 1, user: null, password: "" } as const;

function lacks(options: Partial<EngineOptions>): string[] {
  return lacksOf({ dht, localDiscovery: true, ...options } as EngineOptions);
}

Deno.test("a manager lacks what it was started without", () => {
  assertEquals(lacks({}), []);
  assertEquals(lacks({ dht: null }), ["dht"]);
  assertEquals(lacks({ peerExchange: false, localDiscovery: false }), ["pex", "lsd"]);
  assertEquals(lacks({ utp: false }), ["utp"]);
  assertEquals(lacks({ tcp: false }), ["tcp"]);
  // mapping is asked for by a setting, and can be at any time
  assertEquals(lacks({ portMapping: null }), []);
});

Deno.test("a manager lacks what would go beside its proxy", () => {
  assertEquals(lacks({ proxy: { ...proxy, scheme: "socks5" } }), ["lsd", "portMapping"]);
  assertEquals(lacks({ proxy: { ...proxy, scheme: "http" } }), [
    "dht",
    "lsd",
    "portMapping",
    "utp",
  ]);
});
