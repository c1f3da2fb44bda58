import { assert, assertEquals, assertThrows } from "@std/assert";
import { PeerListener, UdpSocket } from "../../src/net/mod.ts";
import { type OpenPorts, openPorts, type PortOpener } from "../../src/session/open_ports.ts";

/** Real sockets; of the ports that were opened for TCP the first `busy` are taken for UDP. */
function opener(busy: number): PortOpener & { readonly tried: number[] } {
  const tried: number[] = [];
  return {
    tried,
    tcp: (port, ipv6) => PeerListener.open(port, ipv6),
    udp: (port, family) => {
      if (port !== 0) tried.push(port);
      if (port !== 0 && tried.length <= busy) throw new Deno.errors.AddrInUse("taken");
      return UdpSocket.open(port, family);
    },
  };
}

function close({ listener, udp }: OpenPorts): void {
  listener?.close();
  udp?.close();
}

Deno.test("where any port will do, one is found that is free for TCP and UDP", () => {
  const said: string[] = [];
  const open = opener(3);
  const ports = openPorts(0, true, (message) => said.push(message), open);
  assertEquals([ports.udp?.port, said], [ports.listener?.port, []]);
  assertEquals(open.tried.length, 4);
  close(ports);
});

Deno.test("UDP is on another port, with a word, when none is free for both", () => {
  const said: string[] = [];
  const open = opener(100);
  const ports = openPorts(0, true, (message) => said.push(message), open);
  const { listener, udp } = ports;
  assertEquals(said, [`UDP port ${listener?.port} is busy, using ${udp?.port} instead`]);
  assertEquals(open.tried.length, 8);
  close(ports);
});

Deno.test("a port that was asked for is kept, whatever becomes of UDP", () => {
  const said: string[] = [];
  const warn = (message: string) => said.push(message);
  const first = openPorts(0, false, warn);
  const port = first.listener!.port;
  first.listener!.close();
  const second = openPorts(port, false, warn);
  assertEquals(second.listener?.port, port);
  assert(second.udp !== null && second.udp.port !== port);
  assertEquals(said, [`UDP port ${port} is busy, using ${second.udp.port} instead`]);
  first.udp!.close();
  close(second);
});

Deno.test("without a listener there is UDP all the same, and without UDP a listener", () => {
  const said: string[] = [];
  const alone = openPorts(null, true, (message) => said.push(message));
  assertEquals([alone.listener, alone.udp !== null, said], [null, true, []]);
  close(alone);
  const refusing: PortOpener = {
    ...opener(0),
    udp: () => {
      throw new Error("no handle left");
    },
  };
  const silent = openPorts(0, true, (message) => said.push(message), refusing);
  assert(silent.listener !== null && silent.udp === null);
  assertEquals(said, ["No UDP socket (no handle left): UDP trackers, the DHT and uTP are off"]);
  close(silent);
});

Deno.test("a port that cannot be had says what to do", () => {
  const open: PortOpener = {
    ...opener(0),
    tcp: () => {
      throw new Deno.errors.PermissionDenied("not yours");
    },
  };
  assertThrows(
    () => openPorts(80, true, () => {}, open),
    Error,
    "Cannot listen on port 80 (not yours): choose another with --listen-port, or --no-listen",
  );
});
