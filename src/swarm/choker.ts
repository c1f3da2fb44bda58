import { type Random, shuffle } from "../base/mod.ts";

/** A peer as the choker sees it; rates in bytes a second. */
export interface Candidate {
  /** Wants something of us. */
  readonly interested: boolean;
  /** What it gives us. */
  readonly downRate: number;
  /** What it takes from us. */
  readonly upRate: number;
  /** It owes us blocks and sends none. */
  readonly snubbed: boolean;
  /** Unchoked now. */
  readonly unchoked: boolean;
  /** Milliseconds it has been unchoked. */
  readonly unchokedFor: number;
}

/** Seeding: how long a peer keeps its slot before others get a turn. */
const TURN_MS = 60_000;

/**
 * Whom to unchoke, best first: at most `slots` peers that want something (BEP 3, "choking").
 * While downloading, those that give us most (tit for tat), snubbing ones last. When seeding, those that have
 * not had a full turn yet by what they take, then those that wait, so that slots go round.
 * Ties are broken at random.
 */
export function rank<T extends Candidate>(
  peers: readonly T[],
  slots: number,
  seeding: boolean,
  random: Random,
): T[] {
  const wanting = shuffle(peers.filter((peer) => peer.interested), random);
  return wanting.sort(seeding ? bySeedingTurn : byReciprocity).slice(0, slots);
}

/** A peer to unchoke out of turn, so that newcomers get a first piece: one that waits, at random; null when none does. */
export function optimistic<T extends { readonly interested: boolean }>(
  peers: readonly T[],
  chosen: ReadonlySet<T>,
  random: Random,
): T | null {
  const waiting = peers.filter((peer) => peer.interested && !chosen.has(peer));
  return waiting.length === 0 ? null : waiting[random.below(waiting.length)]!;
}

function byReciprocity(a: Candidate, b: Candidate): number {
  if (a.snubbed !== b.snubbed) return a.snubbed ? 1 : -1;
  return b.downRate - a.downRate || Number(b.unchoked) - Number(a.unchoked);
}

function bySeedingTurn(a: Candidate, b: Candidate): number {
  return turn(b) - turn(a) || b.upRate - a.upRate;
}

/** 2: has a slot and its turn is not over; 1: waits; 0: had its turn. */
function turn(peer: Candidate): number {
  if (!peer.unchoked) return 1;
  return peer.unchokedFor < TURN_MS ? 2 : 0;
}
