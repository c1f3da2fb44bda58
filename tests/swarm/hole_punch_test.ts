import { assertEquals } from "@std/assert";
import type { Bytes, Endpoint } from "../../src/base/mod.ts";
import {
  encodeHolepunch,
  encodePex,
  HolepunchError,
  type HolepunchMessage,
  readHolepunch,
} from "../../src/wire/mod.ts";
import { Bench, extended, type Remote } from "./bench.ts";

/** Our numbers, as our handshake gives them, and the peers'. */
const OURS = 5;
const OUR_PEX = 4;
const THEIRS = 12;

const bench = () => new Bench(3, 1, [], { peerExchange: true });

/** A peer that listens on port 6000 and its number; `meets`: it speaks BEP 55. */
function peer(bench: Bench, meets = true): Remote {
  const remote = bench.peer({ extended: true });
  remote.speaks(meets ? { ut_holepunch: THEIRS } : {}, { p: 6000 + remote.id });
  remote.heard();
  return remote;
}

const placeOf = ({ id }: Remote): Endpoint => ({ host: `8.8.8.${id}`, port: 6000 + id });

function says(remote: Remote, kind: HolepunchMessage["kind"], endpoint: Endpoint, code = 0): void {
  remote.says(extended(OURS, encodeHolepunch({ kind, endpoint, code })));
}

/** What was said of meetings to a peer: `connect 8.8.8.2:6002`, `error 9.9.9.9:1 2`. */
function heard(remote: Remote): string[] {
  return remote.heard().flatMap((line) => {
    const [name, id, ...payload] = line.split(/[ ,]/);
    if (name !== "extended" || Number(id) !== THEIRS) return [];
    const message = readHolepunch(new Uint8Array(payload.map(Number)) as Bytes)!;
    const { kind, endpoint: { host, port }, code } = message;
    return [`${kind} ${host}:${port}${code === 0 ? "" : ` ${code}`}`];
  });
}

Deno.test("two that we know are told to call each other when one asks", () => {
  const swarm = bench();
  const [asks, asked, other] = [peer(swarm), peer(swarm), peer(swarm)];
  says(asks, "rendezvous", placeOf(asked));
  assertEquals(heard(asks), ["connect 8.8.8.2:6002"]);
  assertEquals(heard(asked), ["connect 8.8.8.1:6001"]);
  assertEquals(heard(other), []);
});

Deno.test("who is at the other end of uTP is called at the port its router shows", () => {
  const swarm = bench();
  const [asks, asked] = [peer(swarm), peer(swarm)];
  asks.link.utp = true;
  says(asks, "rendezvous", placeOf(asked));
  // the bench connects everybody from port 1
  assertEquals(heard(asked), ["connect 8.8.8.1:1"]);
});

Deno.test("a meeting that cannot be arranged is refused, with the reason", () => {
  const swarm = bench();
  const [asks, mute] = [peer(swarm), peer(swarm, false)];
  says(asks, "rendezvous", { host: "9.9.9.9", port: 1 });
  says(asks, "rendezvous", placeOf(asks));
  says(asks, "rendezvous", placeOf(mute));
  says(asks, "rendezvous", { host: "9.9.9.9", port: 0 });
  assertEquals(heard(asks), [
    `error 9.9.9.9:1 ${HolepunchError.NotConnected}`,
    `error 8.8.8.1:6001 ${HolepunchError.NoSelf}`,
    `error 8.8.8.2:6002 ${HolepunchError.NoSupport}`,
    `error 9.9.9.9:0 ${HolepunchError.NoSuchPeer}`,
  ]);
  assertEquals(heard(mute), []);
});

Deno.test("who asks again and again is not answered, and sends nobody to call", () => {
  const swarm = bench();
  const [asks, asked] = [peer(swarm), peer(swarm)];
  for (let i = 0; i < 100; i++) says(asks, "rendezvous", placeOf(asked));
  assertEquals([heard(asks).length, heard(asked).length], [20, 20]);
  for (let i = 0; i < 100; i++) says(asked, "connect", { host: "9.9.9.9", port: 1 + i });
  assertEquals(swarm.punched.length, 20);
  swarm.wait(61);
  says(asks, "rendezvous", placeOf(asked));
  assertEquals(heard(asks).length, 1);
});

Deno.test("a call that is to be made is, an error is not answered", () => {
  const swarm = bench();
  const relay = peer(swarm);
  says(relay, "connect", { host: "2600::7", port: 7 });
  says(relay, "connect", { host: "9.9.9.9", port: 0 });
  says(relay, "error", { host: "9.9.9.9", port: 9 }, HolepunchError.NotConnected);
  assertEquals([swarm.punched, heard(relay)], [["[2600::7]:7"], []]);
});

Deno.test("of a peer that cannot be reached, who told of it is asked", () => {
  const swarm = bench();
  const [relay, mute, stranger] = [peer(swarm), peer(swarm, false), peer(swarm)];
  const [known, other] = [{ host: "9.9.9.9", port: 9 }, { host: "9.9.9.8", port: 8 }];
  const tell = (remote: Remote, endpoint: Endpoint) =>
    remote.says(
      extended(OUR_PEX, encodePex({ added: [{ ...endpoint, flags: 0 }], dropped: [] })),
    );
  tell(relay, known);
  tell(mute, other);
  assertEquals(swarm.swarm.arrangeMeeting(known, swarm.now), true);
  assertEquals(heard(relay), ["rendezvous 9.9.9.9:9"]);
  assertEquals(swarm.swarm.arrangeMeeting(other, swarm.now), false);
  relay.connection.close("Gone");
  assertEquals(swarm.swarm.arrangeMeeting(known, swarm.now), false);
  assertEquals(heard(stranger), []);
});

Deno.test("without peer exchange there are no meetings", () => {
  const swarm = new Bench(3, 1);
  const [asks, asked] = [peer(swarm), peer(swarm)];
  says(asks, "rendezvous", placeOf(asked));
  says(asks, "connect", placeOf(asked));
  assertEquals([heard(asks), heard(asked), swarm.punched], [[], [], []]);
});
