import { assertEquals } from "@std/assert";
import { millis, peerId, SeededRandom } from "../../src/base/mod.ts";
import { type Announced, Contacts } from "../../src/session/contacts.ts";
import type { SessionContext } from "../../src/session/context.ts";
import { Encryption } from "../../src/session/encryption.ts";
import { SessionShares } from "../../src/session/shares.ts";
import { PeerRanks } from "../../src/swarm/mod.ts";
import { Bench } from "../swarm/bench.ts";
import { HASH } from "../wire/talk.ts";

const HASHES = { infoHash: HASH, infoHashV1: HASH, infoHashV2: null };
const NO_LIMITS = { downloadLimit: 0, uploadLimit: 0 };

/** The contacts of a torrent without trackers, and what neighbours hear of it. */
function contacts(isPrivate: boolean) {
  const heard: string[] = [];
  const context = {
    now: () => millis(0),
    random: new SeededRandom(1),
    peerId: peerId(new Uint8Array(20)),
    port: 6881,
    ranks: new PeerRanks(6881),
    encryption: new Encryption("off", new SeededRandom(1), millis(0)),
    wake: () => {},
    dht: null,
    lan: { add: () => heard.push("called out"), remove: () => heard.push("left") },
  } as unknown as SessionContext;
  const shares = new SessionShares(NO_LIMITS, () => millis(0)).torrent(NO_LIMITS);
  const { swarm } = new Bench(4, 1);
  const made = new Contacts(context, shares, HASHES, [], swarm, announced(isPrivate));
  return { heard, settle: (later: boolean) => made.settle(swarm, announced(later), HASHES) };
}

function announced(isPrivate: boolean): Announced {
  return {
    isPrivate,
    complete: () => false,
    stats: () => ({ uploaded: 0, downloaded: 0, left: 1, peersWanted: 1 }),
  };
}

Deno.test("neighbours hear of a torrent, but not of a private one", () => {
  assertEquals(contacts(false).heard, ["called out"]);
  assertEquals(contacts(true).heard, []);
});

Deno.test("neighbours hear no more of a magnet link's torrent that turns out to be private", () => {
  const { heard, settle } = contacts(false);
  settle(false);
  assertEquals(heard, ["called out"]);
  settle(true);
  assertEquals(heard, ["called out", "left"]);
});
