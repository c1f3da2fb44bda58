import type { Millis, Random } from "../base/mod.ts";
import { Message } from "../wire/mod.ts";
import { type Candidate, optimistic, reciprocate, takeTurns } from "./choker.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";
import { UploadSlots } from "./upload_slots.ts";

const ROUND_MS = 10_000;
const OPTIMISTIC_ROUNDS = 3;
/** Less than this with a slot, as when there are fewer of them in the next round, does not count as a turn. */
const LEAST_TURN_MS = 30_000;

interface Named extends Candidate {
  readonly peer: Peer;
}

/** Decides every ten seconds whom to unchoke, and every thirty whom out of turn (BEP 3). */
export class ChokeRounds {
  readonly #slots = new UploadSlots();
  #nextRound = 0 as Millis;
  #round = 0;
  #sent = 0;
  #endedAt = 0;

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
    } else if (this.#free > 0 && this.#mayHave(candidate(peer, now))) this.#unchoke(peer, now);
  }

  /** A peer left, perhaps with a slot. */
  left(peer: Peer, now: Millis): void {
    if (!peer.amChoking) this.#fill(now);
  }

  tick(now: Millis): void {
    if (now < this.#nextRound) return;
    this.#nextRound = now + ROUND_MS as Millis;
    const candidates = this.swarm.peers.map((peer) => closeRound(peer, now));
    this.#review(candidates, now);
    const chosen = new Set(
      this.swarm.complete
        ? takeTurns(candidates, this.#slots.count, this.random)
        : reciprocate(candidates, this.#slots.count, this.random),
    );
    const extra = this.swarm.complete ? new Set<Named>() : this.#outOfTurn(candidates, chosen);
    this.#round++;
    for (const it of candidates) {
      it.peer.optimistic = extra.has(it);
      if (chosen.has(it) || extra.has(it)) this.#unchoke(it.peer, now);
      else {
        // a seed's turn cut short is none: the peer keeps its place among those that wait
        const none = this.swarm.complete && !it.idle && it.sinceTurn < LEAST_TURN_MS;
        if (none && it.unchoked) it.peer.unchokedAt = it.peer.unchokedBefore;
        this.#choke(it.peer, now);
      }
    }
  }

  #review(candidates: readonly Named[], now: Millis): void {
    const { uploads } = this.swarm;
    const seconds = (now - this.#endedAt) / 1000;
    const { total } = uploads.rate;
    const waiting = candidates.some((it) => it.interested && !it.unchoked && this.#mayHave(it));
    const limit = uploads.limit.rate(now);
    this.#slots.review(limit, (total - this.#sent) / seconds, waiting && this.#free <= 0);
    this.#sent = total;
    this.#endedAt = now;
  }

  /**
   * One out of turn, which keeps its slot for three rounds unless it earned one. As long as nobody gives us anything,
   * the slots that are left over are for finding somebody who does, and nobody rests.
   */
  #outOfTurn(candidates: readonly Named[], chosen: ReadonlySet<Named>): Set<Named> {
    const gives = candidates.some((it) => it.given > 0);
    const count = gives ? 1 : Math.max(1, this.#slots.count - chosen.size);
    const kept = this.#round % OPTIMISTIC_ROUNDS === 0
      ? []
      : candidates.filter((it) =>
        it.peer.optimistic && it.interested && !it.idle && (!it.rests || !gives) && !chosen.has(it)
      );
    const extra = new Set(kept.slice(0, count));
    while (extra.size < count) {
      const taken = new Set([...chosen, ...extra]);
      const one = optimistic(candidates, taken, this.random, !gives);
      if (one === null) break;
      extra.add(one);
    }
    return extra;
  }

  /** Slots by rank that nobody has. */
  get #free(): number {
    let taken = 0;
    for (const peer of this.swarm.peers) if (!peer.amChoking && !peer.optimistic) taken++;
    return this.#slots.count - taken;
  }

  #fill(now: Millis): void {
    if (this.#free <= 0) return;
    const waiting = this.swarm.peers.filter((peer) => peer.amChoking)
      .map((peer) => candidate(peer, now)).filter((it) => this.#mayHave(it));
    const next = this.swarm.complete
      ? takeTurns(waiting, 1, this.random)[0]
      : optimistic(waiting, new Set(), this.random);
    if (next) this.#unchoke(next.peer, now);
  }

  /** A seed expects nothing in return. */
  #mayHave(it: Named): boolean {
    return this.swarm.complete || !it.withholds;
  }

  #unchoke(peer: Peer, now: Millis): void {
    if (!peer.amChoking) return;
    peer.amChoking = false;
    peer.unchokedBefore = peer.unchokedAt;
    peer.unchokedAt = now;
    peer.connection.out.bare(Message.Unchoke);
    peer.connection.flush(now);
  }

  #choke(peer: Peer, now: Millis): void {
    if (peer.amChoking) return;
    peer.amChoking = true;
    peer.optimistic = false;
    peer.connection.out.bare(Message.Choke);
    this.swarm.uploads.choked(peer);
    peer.connection.flush(now);
  }
}

/** Adds up a peer's round. */
function closeRound(peer: Peer, now: Millis): Named {
  peer.balance.close({
    given: peer.down.total,
    taken: peer.up.total,
    unchoked: !peer.amChoking,
    wanted: denies(peer),
    asks: peer.uploads.length > 0,
  }, now);
  return candidate(peer, now);
}

/** It has what we want and keeps it from us. What we do not ask for, or do not read, is not its fault. */
function denies(peer: Peer): boolean {
  if (!peer.amInterested || peer.swarm.paused || peer.connection.held) return false;
  return peer.choking || peer.snubbed || peer.outstanding > 0;
}

function candidate(peer: Peer, now: Millis): Named {
  const { given, taken, withholds } = peer.balance;
  return {
    peer,
    interested: peer.wanting,
    given,
    taken,
    takenEver: peer.up.total,
    withholds: withholds || peer.snubbed,
    rests: peer.balance.rests(now),
    idle: peer.balance.idle(now),
    unchoked: !peer.amChoking,
    sinceTurn: peer.unchokedAt === null ? Infinity : now - peer.unchokedAt,
  };
}
