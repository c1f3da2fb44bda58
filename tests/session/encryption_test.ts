import { assert, assertEquals } from "@std/assert";
import { type InfoHash, infoHash, millis, SeededRandom } from "../../src/base/mod.ts";
import { Encryption } from "../../src/session/encryption.ts";
import type { EncryptionPolicy } from "../../src/session/encryption_policy.ts";
import { PeerConnection } from "../../src/wire/mod.ts";
import { KeyExchange } from "../../src/wire/mse/mod.ts";
import { GEOMETRY, handshake, HASH, hear, QuietLink } from "../wire/talk.ts";
import { Diary } from "../wire/talk.ts";
import { converse, Side } from "../wire/mse/pair.ts";

const AT = { host: "8.8.4.4", port: 5_000 };
const OTHER = infoHash(new Uint8Array(20).fill(9));
const encryption = (policy: EncryptionPolicy) =>
  new Encryption(policy, new SeededRandom(3), millis(0));

/** One that has the torrent, and one that dials it so. */
function meet(
  ours: EncryptionPolicy,
  theirs: EncryptionPolicy,
  ofOurs: readonly InfoHash[] = [HASH],
) {
  const here = encryption(ours);
  for (const hash of ofOurs) here.add(hash);
  const called = new Side(2, false, here.incoming(AT));
  const caller = new Side(1, true, encryption(theirs).outgoing(HASH));
  converse(caller, called);
  return { here, called: called.connection, caller: caller.connection };
}

Deno.test("what two policies come to: plain behind the keys where both may, RC4 where one requires it", () => {
  for (
    const [ours, theirs, secrecy] of [
      ["prefer", "prefer", "handshake"],
      ["tolerate", "prefer", "handshake"],
      ["prefer", "require", "all"],
      ["require", "prefer", "all"],
      ["require", "require", "all"],
    ] as const
  ) {
    const { called, caller } = meet(ours, theirs);
    assertEquals([called.phase, caller.phase, called.secrecy], ["open", "open", secrecy]);
  }
});

Deno.test("where it is off nobody is answered, and who requires it takes no plain handshake", () => {
  assertEquals(meet("off", "prefer").called.closeReason, "Expected a BitTorrent handshake");
  const strict = new Side(2, false, encryption("require").incoming(AT));
  converse(new Side(1, true), strict);
  assertEquals(strict.connection.closeReason, "Expected an encrypted connection");
});

Deno.test("a torrent is found among others while it is here", () => {
  assertEquals(meet("prefer", "prefer", [OTHER, HASH]).called.phase, "open");
  assertEquals(meet("prefer", "prefer", [OTHER]).called.phase, "closed");
  const { here } = meet("prefer", "prefer");
  here.remove(HASH);
  const called = new Side(2, false, here.incoming(AT));
  converse(new Side(1, true, encryption("prefer").outgoing(HASH)), called);
  assertEquals(called.connection.phase, "closed");
});

Deno.test("trackers are told what we take", () => {
  assertEquals(encryption("off").announced, {});
  assertEquals(encryption("prefer").announced, { encryption: "supported" });
  assertEquals(encryption("require").announced, { encryption: "required" });
});

/** Sends `key` from somewhere; true when it is answered. */
class Strangers {
  readonly #here = encryption("prefer");
  readonly #key = new KeyExchange(new SeededRandom(1)).publicKey;

  /** Whether the connection goes on behind its first bytes, or how. */
  arrive(host: string, at: number, bytes: Uint8Array = this.#key): "handshake" | "open" | "closed" {
    const accept = () => ({ geometry: GEOMETRY, handler: new Diary(), mine: handshake(2) });
    const incoming = this.#here.incoming({ host, port: 1_024 + at % 60_000 });
    const connection = new PeerConnection(null, accept, millis(at), incoming);
    connection.attach(new QuietLink());
    hear(connection, bytes, Infinity, millis(at));
    return connection.phase;
  }

  answered(hosts: readonly string[], at: number): number {
    return hosts.filter((host) => this.arrive(host, at) === "handshake").length;
  }
}

const times = (count: number, host: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => host(i));

Deno.test("a flood of keys from one address is its own loss: sixteen at once, four a second", () => {
  for (const flooder of [() => "8.8.8.8", (i: number) => `2600:1:2:3::${i + 1}`]) {
    const strangers = new Strangers();
    assertEquals(strangers.answered(times(500, flooder), 0), 16);
    assertEquals(strangers.answered(times(500, flooder), 1_000), 4);
    assertEquals(strangers.answered(times(50, (i) => `9.9.9.${i}`), 1_000), 50);
    const plain = new Side(1, true);
    assertEquals(strangers.arrive(flooder(0), 1_000, plain.take()), "open");
  }
});

Deno.test("honest strangers are answered while one floods us, while many do, and while a neighbour does", () => {
  const floods: Record<string, (i: number) => string> = {
    one: () => "8.8.8.8",
    // a network of 48 bits has 65,536 of 64
    many: (i) => `2600:1:2:${(i % 150).toString(16)}::1`,
    neighbour: () => "192.168.1.7",
  };
  for (const [name, flooder] of Object.entries(floods)) {
    const strangers = new Strangers();
    let [honest, flooders, computed] = [0, 0, 0];
    // ten seconds: a flood of a thousand a second, and twenty who want to be let in
    for (let at = 0; at < 10_000; at += 50) {
      const [bad, good] = [
        strangers.answered(times(50, (i) => flooder(flooders + i)), at),
        strangers.answered([`9.${at >> 8}.${at & 255}.1`], at),
      ];
      flooders += 50;
      honest += good;
      computed += good + bad;
    }
    // but for the moment in which all of many were new
    assert(honest >= (name === "many" ? 195 : 200), `${name}: ${honest}`);
    // a hundred and two hundred a second, whoever asks
    assert(computed <= 2_100, `${name}: ${computed}`);
  }
});

Deno.test("where all come through one local address, a relay, they share what there is", () => {
  const strangers = new Strangers();
  assertEquals(strangers.answered(times(200, () => "172.17.0.1"), 0), 50);
  assertEquals(strangers.answered(times(200, () => "172.17.0.1"), 100), 10);
});
