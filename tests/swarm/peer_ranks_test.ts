import { assertEquals, assertNotEquals } from "@std/assert";
import { peerPriority, PeerRanks } from "../../src/swarm/mod.ts";

const at = (host: string, port = 6881) => ({ host, port });
const OURS = "123.213.32.10";

Deno.test("ranks are neutral until several peers agree where we are", () => {
  const ranks = new PeerRanks(6881);
  const peer = at("98.76.54.32");
  for (let i = 1; i <= 9; i++) ranks.told(at("9.9.9.9", i), OURS);
  assertEquals([ranks.of(peer), ranks.version], [null, 0]);
  for (let i = 1; i <= 3; i++) ranks.told(at(`${i + 10}.9.9.9`), OURS);
  assertEquals(ranks.of(peer), peerPriority(at(OURS), peer));
  assertNotEquals(ranks.version, 0);
  assertEquals(ranks.of(at("2600::1")), null);
});

Deno.test("a public peer that says we are at a private address is not believed", () => {
  const ranks = new PeerRanks(6881);
  for (let i = 1; i <= 9; i++) ranks.told(at(`${i + 10}.9.9.9`), "192.168.1.1");
  assertEquals(ranks.of(at("98.76.54.32")), null);
});
