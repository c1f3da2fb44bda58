import { assertEquals } from "@std/assert";
import { type InfoHash, infoHash, millis, SeededRandom } from "../../src/base/mod.ts";
import { Encryption } from "../../src/session/encryption.ts";
import type { EncryptionPolicy } from "../../src/session/encryption_policy.ts";
import { PeerConnection } from "../../src/wire/mod.ts";
import { KeyExchange } from "../../src/wire/mse/mod.ts";
import { GEOMETRY, handshake, HASH, hear, QuietLink } from "../wire/talk.ts";
import { Diary } from "../wire/talk.ts";
import { converse, Side } from "../wire/mse/pair.ts";

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
  const called = new Side(2, false, here.incoming);
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
  const strict = new Side(2, false, encryption("require").incoming);
  converse(new Side(1, true), strict);
  assertEquals(strict.connection.closeReason, "Expected an encrypted connection");
});

Deno.test("a torrent is found among others while it is here", () => {
  assertEquals(meet("prefer", "prefer", [OTHER, HASH]).called.phase, "open");
  assertEquals(meet("prefer", "prefer", [OTHER]).called.phase, "closed");
  const { here } = meet("prefer", "prefer");
  here.remove(HASH);
  const called = new Side(2, false, here.incoming);
  converse(new Side(1, true, encryption("prefer").outgoing(HASH)), called);
  assertEquals(called.connection.phase, "closed");
});

Deno.test("trackers are told what we take", () => {
  assertEquals(encryption("off").announced, {});
  assertEquals(encryption("prefer").announced, { encryption: "supported" });
  assertEquals(encryption("require").announced, { encryption: "required" });
});

Deno.test("a flood of keys gets a hundred answers at once and two hundred a second, a plain handshake always one", () => {
  const { incoming } = encryption("prefer");
  const key = new KeyExchange(new SeededRandom(1)).publicKey;
  const arrive = (bytes: Uint8Array, at: number) => {
    const accept = () => ({ geometry: GEOMETRY, handler: new Diary(), mine: handshake(2) });
    const connection = new PeerConnection(null, accept, millis(at), incoming);
    connection.attach(new QuietLink());
    hear(connection, bytes, Infinity, millis(at));
    return connection.phase;
  };
  const answered = (count: number, at: number) =>
    Array.from({ length: count }, () => arrive(key, at)).filter((phase) => phase === "handshake")
      .length;
  assertEquals(answered(150, 0), 100);
  assertEquals(answered(50, 100), 20);
  const plain = new Side(1, true);
  assertEquals(arrive(plain.take(), 100), "open");
});
