import { assert, assertEquals } from "@std/assert";
import { fromHex, utf8 } from "../../src/base/mod.ts";
import {
  decodeDatagram,
  encodeDatagram,
  ProxyError,
  type SocksAddress,
  type SocksDatagram,
  SocksTalk,
} from "../../src/proxy/mod.ts";
import { fuzz } from "./harness.ts";

fuzz<SocksAddress>({
  name: "a proxy's words that are accepted end the talk, however they are cut",
  corpus: [
    fromHex("0500" + "05000001c00002010050")!,
    fromHex("0502" + "0100" + "0500000303612e620001")!,
    fromHex("0500" + "05000004" + "20010db8000000000000000000000001" + "0050")!,
  ],
  refusals: [ProxyError],
  decode: (bytes) => {
    const talk = (step: number) => {
      const socks = new SocksTalk({
        command: "connect",
        target: { host: "a.example", port: 1 },
        user: "me",
        password: "pw",
      });
      socks.begin();
      let at = 0;
      while (socks.wanted > 0 && at < bytes.length) {
        const part = bytes.subarray(at, at + Math.min(step, socks.wanted));
        at += part.length;
        socks.receive(part);
      }
      return socks.bound;
    };
    const bound = talk(1);
    assertEquals(talk(7), bound);
    assertEquals(talk(1_000), bound);
    return bound;
  },
  check: ({ port }) => assert(port >= 0 && port < 65_536),
});

fuzz<SocksDatagram>({
  name: "a proxy's packet that is accepted reads the same when written anew",
  corpus: [
    encodeDatagram({ peer: { host: "192.0.2.1", port: 6881 }, packet: utf8("packet") }),
    encodeDatagram({ peer: { host: "2001:db8::1", port: 1 }, packet: utf8("") }),
    encodeDatagram({ peer: { host: "a.example", port: 1 }, packet: utf8("x") }),
  ],
  decode: decodeDatagram,
  size: ({ packet }) => packet.length,
  check: (datagram) => {
    // a name of bytes that are no ASCII is written otherwise
    if (!/^[\x20-\x7e]*$/.test(datagram.peer.host)) return;
    assertEquals(decodeDatagram(encodeDatagram(datagram))?.packet, datagram.packet);
  },
});
