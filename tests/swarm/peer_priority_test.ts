import { assertEquals, assertNotEquals } from "@std/assert";
import { SeededRandom } from "../../src/base/mod.ts";
import { peerPriority } from "../../src/swarm/mod.ts";

const at = (host: string, port = 6881) => ({ host, port });

Deno.test("priorities are those of BEP 40", () => {
  assertEquals(peerPriority(at("123.213.32.10"), at("98.76.54.32")), 0xec2d7224);
  assertEquals(peerPriority(at("123.213.32.10"), at("123.213.32.234")), 0x99568189);
});

Deno.test("a priority is the same from both ends", () => {
  const random = new SeededRandom(1);
  for (let i = 0; i < 200; i++) {
    const [a, b] = [0, 0].map(() =>
      at(`8.${random.below(2)}.${random.below(3)}.${random.below(4)}`)
    );
    const [c, d] = [0, 0].map(() => at(`2600::${random.below(3)}:${random.below(9)}`, i + 1));
    assertEquals(peerPriority(a!, b!), peerPriority(b!, a!));
    assertEquals(peerPriority(c!, d!), peerPriority(d!, c!));
  }
});

Deno.test("the nearer two addresses are, the more of them counts", () => {
  const me = at("123.213.32.10");
  const same = (a: string, b: string) =>
    assertEquals(peerPriority(me, at(a)), peerPriority(me, at(b)), `${a} ${b}`);
  const differ = (a: string, b: string) =>
    assertNotEquals(peerPriority(me, at(a)), peerPriority(me, at(b)), `${a} ${b}`);
  // far away, half of the bits of the last two bytes count; in our /16, half of the last one's
  same("98.76.0.0", "98.76.170.170");
  differ("98.76.0.0", "98.76.1.0");
  same("123.213.33.0", "123.213.33.170");
  differ("123.213.33.0", "123.213.35.0");
  differ("123.213.32.0", "123.213.32.170");
});

Deno.test("in IPv6 the network is six bytes, and each byte shared beyond counts one more", () => {
  const me = at("2600:1:2:3456::1");
  const same = (a: string, b: string) =>
    assertEquals(peerPriority(me, at(a)), peerPriority(me, at(b)), `${a} ${b}`);
  const differ = (a: string, b: string) =>
    assertNotEquals(peerPriority(me, at(a)), peerPriority(me, at(b)), `${a} ${b}`);
  same("2600:1:9::", "2600:1:9:aaaa::aa");
  differ("2600:1:9::", "2600:1:8::");
  same("2600:1:2:5500::", "2600:1:2:55aa::");
  differ("2600:1:2:5500::", "2600:1:2:5700::");
  differ("2600:1:2:3455::", "2600:1:2:34ff::");
});

Deno.test("one address with two ports is ranked by the ports, two families not at all", () => {
  assertEquals(
    peerPriority(at("1.2.3.4", 1), at("1.2.3.4", 2)),
    peerPriority(at("9.9.9.9", 2), at("9.9.9.9", 1)),
  );
  assertEquals(peerPriority(at("1.2.3.4"), at("2600::1")), null);
  assertEquals(peerPriority(at("nonsense"), at("1.2.3.4")), null);
});
