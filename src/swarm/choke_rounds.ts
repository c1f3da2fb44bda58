import type { Millis, Random } from "../base/mod.ts";
import { Message } from "../wire/mod.ts";
import { type Candidate, optimistic, rank } from "./choker.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** Peers unchoked by rank. */
const SLOTS = 8;
const ROUND_MS = 10_000;
const OPTIMISTIC_ROUNDS = 3;

/** Decides every ten seconds whom to unchoke, and every thirty whom out of turn (BEP 3). */
export class ChokeRounds {
  #nextRound = 0 as Millis;
  #round = 0;

  constructor(readonly swarm: Swarm, readonly random: Random) {}

  /**
   * A peer began or ceased to want something. It gets a free slot at once, so that nobody waits for a round without
   * need; a slot it has and does not want is free for one that waits.
   */
  changed(peer: Peer, now: Millis): void {
    if (peer.wanting !== peer.amChoking) return;
    if (!peer.wanting) {
      this.#choke(peer, now);
      this.#fill(now);
    } else if (this.swarm.peers.filter((other) => !other.amChoking).length < SLOTS) {
      this.#unchoke(peer, now);
    }
  }

  /** A peer left, perhaps with a slot. */
  left(peer: Peer, now: Millis): void {
    if (!peer.amChoking) this.#fill(now);
  }

  tick(now: Millis): void {
    if (now < this.#nextRound) return;
    this.#nextRound = now + ROUND_MS as Millis;
    const candidates = this.swarm.peers.map((peer) => candidate(peer, now));
    const chosen = new Set(rank(candidates, SLOTS, this.swarm.complete, this.random));
    // the one out of turn keeps its slot for three rounds, unless it earned one
    let extra = candidates.find((it) => it.peer.optimistic && it.interested && !chosen.has(it)) ??
      null;
    if (this.#round++ % OPTIMISTIC_ROUNDS === 0 || extra === null) {
      extra = optimistic(candidates, chosen, this.random);
    }
    for (const it of candidates) {
      it.peer.optimistic = it === extra;
      if (chosen.has(it) || it === extra) this.#unchoke(it.peer, now);
      else this.#choke(it.peer, now);
    }
  }

  #fill(now: Millis): void {
    const unchoked = this.swarm.peers.filter((peer) => !peer.amChoking).length;
    if (unchoked >= SLOTS) return;
    const next = optimistic(
      this.swarm.peers.filter((peer) => peer.amChoking).map((peer) => candidate(peer, now)),
      new Set(),
      this.random,
    );
    if (next !== null) this.#unchoke(next.peer, now);
  }

  #unchoke(peer: Peer, now: Millis): void {
    if (!peer.amChoking) return;
    peer.amChoking = false;
    peer.unchokedAt = now;
    peer.connection.out.bare(Message.Unchoke);
    peer.connection.flush(now);
  }

  #choke(peer: Peer, now: Millis): void {
    if (peer.amChoking) return;
    peer.amChoking = true;
    peer.connection.out.bare(Message.Choke);
    this.swarm.uploads.choked(peer);
    peer.connection.flush(now);
  }
}

function candidate(peer: Peer, now: Millis): Candidate & { readonly peer: Peer } {
  return {
    peer,
    interested: peer.wanting,
    downRate: peer.down.rate(now),
    upRate: peer.up.rate(now),
    snubbed: peer.snubbed,
    unchoked: !peer.amChoking,
    unchokedFor: peer.amChoking ? 0 : now - peer.unchokedAt,
  };
}
