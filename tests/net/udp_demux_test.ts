import { assertEquals } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import { UdpDemux, type UdpProtocol, udpProtocol, UdpSocket } from "../../src/net/mod.ts";

const DHT = utf8("d1:rd2:id20:aaaaaaaaaaaaaaaaaaaae1:t2:aa1:y1:re");
const TRACKER = new Uint8Array([0, 0, 0, 3, 1, 2, 3, 4, 33]);
const UTP = new Uint8Array(20).fill(0x41, 0, 1);

Deno.test("a packet's first bytes tell the protocol", () => {
  const of = (...bytes: number[]) => udpProtocol(new Uint8Array(bytes));
  assertEquals([DHT, TRACKER, UTP].map(udpProtocol), ["dht", "tracker", "utp"]);
  assertEquals([0, 1, 2, 3].map((action) => of(0, 0, 0, action)), Array(4).fill("tracker"));
  assertEquals([of(0, 0, 0, 4), of(0, 0, 1, 0), of(0, 1, 0, 0), of(0, 0, 0)], Array(4).fill(null));
  assertEquals([0x01, 0x11, 0x21, 0x31, 0x41].map((byte) => of(byte)), Array(5).fill("utp"));
  assertEquals([of(0x51), of(0x02), of(0x69), of()], Array(4).fill(null));
});

Deno.test("each protocol's receiver gets its packets, in any of them a fault ends nothing", async () => {
  const faults: unknown[] = [];
  const here = new UdpDemux(UdpSocket.open(0), (error) => faults.push(error));
  const running = here.run();
  const there = UdpSocket.open(0);
  const met: UdpProtocol[] = [];
  const last = Promise.withResolvers<void>();
  here.on("dht", () => {
    met.push("dht");
    throw new Error("a mistake of ours");
  });
  here.on("tracker", () => met.push("tracker"));
  here.on("tracker", null);
  here.on("utp", () => {
    met.push("utp");
    last.resolve();
  });
  // one after the other: the order of packets sent together is anybody's guess
  for (const packet of [new Uint8Array(), DHT, TRACKER, new Uint8Array([0xff]), UTP]) {
    there.send(packet, { host: "127.0.0.1", port: here.port });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await last.promise;
  assertEquals(met, ["dht", "utp"]);
  assertEquals(faults.map(String), ["Error: a mistake of ours"]);
  here.close();
  there.close();
  await running;
});
