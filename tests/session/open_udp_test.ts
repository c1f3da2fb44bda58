import { assert, assertEquals } from "@std/assert";
import { UdpSocket } from "../../src/net/mod.ts";
import { openUdp } from "../../src/session/open_udp.ts";

Deno.test("UDP takes the peers' port, another with a word when it is taken, any when none is known", () => {
  const said: string[] = [];
  const warn = (message: string) => said.push(message);
  const any = openUdp(null, warn)!;
  const taken = UdpSocket.open(0);
  const other = openUdp(taken.port, warn)!;
  assert(any.port > 0 && other.port > 0 && other.port !== taken.port);
  assertEquals(said, [`UDP port ${taken.port} is busy, using ${other.port} instead`]);
  const { port } = taken;
  taken.close();
  const same = openUdp(port, warn)!;
  assertEquals([same.port, said.length], [port, 1]);
  for (const socket of [any, other, same]) socket.close();
});
