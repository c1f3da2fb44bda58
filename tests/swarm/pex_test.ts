import { assert, assertEquals } from "@std/assert";
import { type Bytes, type Endpoint, formatEndpoint } from "../../src/base/mod.ts";
import {
  decodePex,
  encodePex,
  Message,
  MOST_PEX_PEERS,
  PexFlag,
  type PexMessage,
} from "../../src/wire/mod.ts";
import { Bench, extended, type Remote } from "./bench.ts";

/** Our number, as our handshake gives it, and the peers'. */
const OURS = 4;
const THEIRS = 11;

const exchanging = (have: readonly number[] | "all" = []) =>
  new Bench(3, 1, have, { peerExchange: true });

/** A peer that exchanges, and says that it listens on port 6000 and its number. */
function speaker(bench: Bench): Remote {
  const remote = bench.peer({ extended: true });
  remote.speaks({ ut_pex: THEIRS }, { p: 6000 + remote.id });
  remote.heard();
  return remote;
}

/** The messages of peer exchange among what we said. */
function told(remote: Remote): PexMessage[] {
  return remote.heard().flatMap((line) => {
    const [name, id, ...payload] = line.split(/[ ,]/);
    if (name !== "extended" || Number(id) !== THEIRS) return [];
    return [decodePex(new Uint8Array(payload.map(Number)) as Bytes)];
  });
}

const keys = (endpoints: readonly Endpoint[]) => endpoints.map(formatEndpoint).sort();
const tells = (added: readonly Endpoint[]) =>
  extended(
    OURS,
    encodePex({ added: added.map((peer) => ({ ...peer, flags: 0 })), dropped: [] }),
  );
const somebody = (n: number): Endpoint => ({ host: `9.9.${n >> 8}.${n & 255}`, port: 1 });

Deno.test("a peer hears soon after its handshake whom we are connected to, itself left out", () => {
  const bench = exchanging();
  const remotes = [speaker(bench), speaker(bench), speaker(bench)];
  bench.wait(4);
  for (const remote of remotes) {
    const others = remotes.filter((other) => other !== remote);
    const [message, ...more] = told(remote);
    assertEquals(keys(message!.added), others.map(({ id }) => `8.8.8.${id}:${6000 + id}`));
    assertEquals([message!.dropped, more], [[], []]);
  }
});

Deno.test("after that, only changes are told, once a minute, and nothing when nothing changed", () => {
  const bench = exchanging();
  const [listener, leaver] = [speaker(bench), speaker(bench)];
  bench.wait(4);
  told(listener);
  const late = speaker(bench);
  leaver.connection.close("Gone");
  bench.wait(50);
  assertEquals(told(listener), []);
  bench.wait(10);
  const [message, ...more] = told(listener);
  assertEquals(keys(message!.added), [`8.8.8.${late.id}:${6000 + late.id}`]);
  assertEquals(keys(message!.dropped), [`8.8.8.${leaver.id}:${6000 + leaver.id}`]);
  assertEquals(more, []);
  listener.says(new Uint8Array(4));
  late.says(new Uint8Array(4));
  bench.wait(150);
  assertEquals(told(listener), []);
});

Deno.test("who came and went between two messages is not spoken of", () => {
  const bench = exchanging();
  const [listener, other] = [speaker(bench), speaker(bench)];
  bench.wait(4);
  assertEquals(told(listener).length, 1);
  const brief = speaker(bench);
  bench.wait(5);
  brief.connection.close("Gone");
  bench.wait(70);
  assertEquals(told(listener), []);
  assert(other.connection.phase === "open");
});

Deno.test("peers whose listening address is not known are left out", () => {
  const bench = exchanging();
  const listener = speaker(bench);
  const silent = bench.peer({ extended: true });
  silent.speaks({ ut_pex: THEIRS });
  bench.peer();
  bench.wait(4);
  assertEquals(told(listener), []);
  silent.speaks({}, { p: 7000 });
  bench.wait(1);
  assertEquals(told(listener).map(({ added }) => keys(added)), [[`8.8.8.${silent.id}:7000`]]);
});

Deno.test("who does not speak peer exchange, or switched it off, is told nothing", () => {
  const bench = exchanging();
  speaker(bench);
  const plain = bench.peer({ extended: true });
  plain.speaks({ upload_only: 5 }, { p: 1 });
  const off = speaker(bench);
  off.speaks({ ut_pex: 0 });
  bench.wait(70);
  assertEquals(told(off), []);
  assertEquals(plain.heard().filter((line) => line.startsWith("extended")), []);
});

Deno.test("a seed is told as one, so is who prefers encryption, a peer we connected to as one that can be", () => {
  const bench = exchanging();
  const listener = speaker(bench);
  const seed = speaker(bench);
  seed.has("all");
  const only = speaker(bench);
  only.speaks({}, { upload_only: 1 });
  const plain = speaker(bench);
  const secret = speaker(bench);
  secret.speaks({}, { e: 1 });
  const dialled = bench.newcomer({ extended: true }, true);
  bench.wait(4);
  const flags = new Map(
    told(listener)[0]!.added.map(({ host, flags }) => [host, flags]),
  );
  assertEquals(flags.get(`8.8.8.${seed.id}`), PexFlag.Seed);
  assertEquals(flags.get(`8.8.8.${only.id}`), PexFlag.Seed);
  assertEquals(flags.get(`8.8.8.${plain.id}`), 0);
  assertEquals(flags.get(`8.8.8.${secret.id}`), PexFlag.Encryption);
  assertEquals(flags.get(`8.8.8.${dialled.id}`), PexFlag.Reachable);
});

Deno.test("however many we know, a message has fifty and the rest waits a minute", () => {
  const bench = exchanging();
  const listener = speaker(bench);
  for (let i = 0; i < 70; i++) speaker(bench);
  bench.wait(4);
  assertEquals(told(listener).map(({ added }) => added.length), [MOST_PEX_PEERS]);
  bench.wait(61);
  assertEquals(told(listener).map(({ added }) => added.length), [70 - MOST_PEX_PEERS]);
});

Deno.test("what a peer tells is handed on, and not when we are complete", () => {
  const bench = exchanging();
  const remote = speaker(bench);
  remote.says(tells([somebody(1), somebody(2)]));
  assertEquals(bench.told.map(({ teller, peers }) => [teller, keys(peers)]), [
    [remote.peer, ["9.9.0.1:1", "9.9.0.2:1"]],
  ]);
  const complete = exchanging("all");
  speaker(complete).says(tells([somebody(1)]));
  assertEquals(complete.told, []);
});

Deno.test("messages that come too often are passed over, and a flood of them ends it", () => {
  const bench = exchanging();
  const remote = speaker(bench);
  for (let minute = 0; minute < 5; minute++) {
    for (let i = 0; i < 20; i++) remote.says(tells([somebody(i)]));
    bench.wait(61);
  }
  assertEquals(bench.told.length, 5);
  assertEquals(remote.connection.phase, "open");
  for (let i = 0; i < 21; i++) remote.says(tells([somebody(i)]));
  assertEquals(bench.told.length, 6);
  assertEquals(remote.connection.phase, "open");
  remote.says(tells([somebody(1)]));
  assertEquals(bench.banned, [`8.8.8.${remote.id} Floods us with peer exchange`]);
});

Deno.test("half an address breaks the protocol", () => {
  const remote = speaker(exchanging());
  remote.says(extended(OURS, new TextEncoder().encode("d5:added5:12345e")));
  assert(remote.connection.faulty);
});

Deno.test("without peer exchange, as in a private torrent, nothing is offered, told or heard", () => {
  const bench = new Bench(3, 1);
  const newcomer = bench.newcomer({ extended: true });
  const handshakes: string[] = [];
  newcomer.heardRaw((message) => {
    if (message[0] === Message.Extended && message[1] === 0) {
      handshakes.push(new TextDecoder("latin1").decode(message.subarray(2)));
    }
  });
  assertEquals(handshakes.length, 1);
  assert(!handshakes[0]!.includes("ut_pex"));
  const [one, two] = [speaker(bench), speaker(bench)];
  one.says(tells([somebody(1)]));
  bench.wait(130);
  assertEquals([told(one), told(two), bench.told], [[], [], []]);
  assertEquals(one.connection.phase, "open");
});
