import { type Random, shuffle } from "../base/mod.ts";

/** A peer as the choker sees it; amounts in bytes, over the last two rounds. */
export interface Candidate {
  /** Wants something of us. */
  readonly interested: boolean;
  /** What it gave us. */
  readonly given: number;
  /** What it took of us. */
  readonly taken: number;
  /** The same since it is connected. */
  readonly takenEver: number;
  /** It had a slot and we wanted its pieces, and it gave us nothing. */
  readonly withholds: boolean;
  /** It was tried lately, in vain. */
  readonly rests: boolean;
  /** It had a slot lately and took nothing. */
  readonly idle: boolean;
  /** Unchoked now. */
  readonly unchoked: boolean;
  /** Milliseconds since it was last unchoked, Infinity when it never was. */
  readonly sinceTurn: number;
}

/** Seeding: how long a peer keeps its slot before others get a turn. */
const TURN_MS = 60_000;
/** A newcomer's chance to be unchoked out of turn, in times of another's (BEP 3, "optimistic unchoking"). */
const NEWCOMER_WEIGHT = 3;

/**
 * Whom a downloader unchokes, best first: at most `slots` peers that want something, those that gave us most (BEP 3,
 * tit for tat). Who withholds gets none of these, even when some are left over: on a full line every slot is at the
 * cost of the others. Ties go to those that have a slot, then are broken at random.
 */
export function reciprocate<T extends Candidate>(
  peers: readonly T[],
  slots: number,
  random: Random,
): T[] {
  const wanting = peers.filter((peer) => peer.interested && !peer.withholds);
  return shuffle(wanting, random).sort(byGift).slice(0, slots);
}

/**
 * Whom a seed unchokes, best first: those whose turn is not over, by what they take, then those that wait, the longest
 * waiting first and among equals who had least, so that slots go round. Who takes nothing comes last.
 */
export function takeTurns<T extends Candidate>(
  peers: readonly T[],
  slots: number,
  random: Random,
): T[] {
  const wanting = peers.filter((peer) => peer.interested);
  return shuffle(wanting, random).sort(byTurn).slice(0, slots);
}

/**
 * A peer to unchoke out of turn, so that newcomers get a first piece and better partners are found; null when none
 * waits. Who was tried in vain rests, but for `desperate`.
 */
export function optimistic<T extends Candidate>(
  peers: readonly T[],
  chosen: ReadonlySet<T>,
  random: Random,
  desperate = false,
): T | null {
  const waiting = peers.filter((peer) =>
    peer.interested && !peer.idle && (desperate || !peer.rests) && !chosen.has(peer)
  );
  const weight = (peer: T) => peer.sinceTurn === Infinity ? NEWCOMER_WEIGHT : 1;
  const all = waiting.reduce((sum, peer) => sum + weight(peer), 0);
  if (all === 0) return null;
  let at = random.below(all);
  return waiting.find((peer) => (at -= weight(peer)) < 0)!;
}

function byGift(a: Candidate, b: Candidate): number {
  return Number(a.idle) - Number(b.idle) || b.given - a.given ||
    Number(b.unchoked) - Number(a.unchoked);
}

function byTurn(a: Candidate, b: Candidate): number {
  const [turnA, turnB] = [turn(a), turn(b)];
  if (turnA !== turnB) return turnB - turnA;
  // equal claims: whoever uses its turn best, or has been without for longest
  if (turnA === 3) return b.taken - a.taken;
  return a.sinceTurn === b.sinceTurn ? a.takenEver - b.takenEver : b.sinceTurn - a.sinceTurn;
}

/** 3: has a slot and its turn is not over; 2: waits; 1: had its turn; 0: made no use of it. */
function turn(peer: Candidate): number {
  if (peer.idle) return 0;
  if (!peer.unchoked) return 2;
  return peer.sinceTurn < TURN_MS ? 3 : 1;
}
