import type { DialFault } from "../dial_faults.ts";
import type { WaitFacts } from "./facts.ts";
import type { Cause } from "./cause.ts";

interface Words {
  /** Follows "peer 1.2.3.4:5" and "3 of 4 peers tried". */
  readonly one: string;
  readonly many: string;
  readonly advice: string;
  /** What the system or the connection said adds something. */
  readonly reason?: true;
}

const OTHERS = "wait for other peers";

const WORDS: Readonly<Record<DialFault, Words>> = {
  "no-socket": {
    one: "cannot be dialled: no more connections can be opened here",
    many: "cannot be dialled: no more connections can be opened here",
    advice: "raise the limit of open files (ulimit -n), or run fewer torrents at once",
  },
  "proxy": {
    one: "was not reached",
    many: "were not reached",
    advice: "check --proxy, and whether the proxy runs and carries peers",
    reason: true,
  },
  "unreachable": {
    one: "lies in a network that cannot be reached from here",
    many: "lie in networks that cannot be reached from here",
    advice: `check your network (an address with : needs IPv6), or ${OTHERS}`,
  },
  "silent": {
    one: "does not answer",
    many: "do not answer",
    advice: `a firewall is between, or nobody is there any more: ${OTHERS}`,
  },
  "refused": {
    one: "refuses the connection",
    many: "refuse the connection",
    advice: `nothing listens there now: check the port, or ${OTHERS}`,
  },
  "hung-up": {
    one: "closes the connection right after our handshake",
    many: "close the connection right after our handshake",
    advice: `it may be full, or want encryption otherwise than --encryption says: ${OTHERS}`,
  },
  "no-handshake": {
    one: "takes the connection and says nothing",
    many: "take the connection and say nothing",
    advice: `check that the port is a BitTorrent client's, or ${OTHERS}`,
  },
  "nonsense": {
    one: "breaks the protocol",
    many: "break the protocol",
    advice: `check that the port is a BitTorrent client's, or ${OTHERS}`,
    reason: true,
  },
  "other-torrent": {
    one: "serves another torrent",
    many: "serve other torrents",
    advice: `check that the address is for this torrent, or ${OTHERS}`,
  },
  "left": {
    one: "connects and leaves without giving anything",
    many: "connect and leave without giving anything",
    advice: `it may be full or have nothing for us, and is tried again later: ${OTHERS}`,
    reason: true,
  },
  "unwanted": {
    one: "is connected already or banned",
    many: "are connected already or banned",
    advice: OTHERS,
  },
  "other": {
    one: "cannot be connected to",
    many: "cannot be connected to",
    advice: OTHERS,
    reason: true,
  },
};

/** Faults on our side. */
const OURS: readonly DialFault[] = ["no-socket", "proxy"];
const FAULTS = Object.keys(WORDS) as readonly DialFault[];

/** Addresses that were dialled in vain, one cause for each way to fail: ours first, then the most frequent. */
export function dialCauses({ tried: { failed }, peers: { lastFailure } }: WaitFacts): Cause[] {
  const total = failures(failed);
  return FAULTS
    .map((fault) => ({ fault, count: failed[fault] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) =>
      Number(OURS.includes(b.fault)) - Number(OURS.includes(a.fault)) || b.count - a.count
    )
    .map(({ fault, count }) => {
      const { one, many, advice, reason } = WORDS[fault];
      // the last failure is surely of this kind only where there is no other
      const known = total === 1 ? lastFailure : null;
      // where all failed alike the last one stands for them
      const told = fault === "proxy" && count === total ? lastFailure : known;
      const why = reason === true && told !== null ? `: ${told.reason}` : "";
      const text = `${who(count, total, known?.peer)} ${count === 1 ? one : many}${why}`;
      const values = { count, total, name: known?.peer ?? null };
      return { cause: `peers-${fault}`, values, text, advice };
    });
}

/** Addresses whose latest dial failed. */
export function failures(failed: WaitFacts["tried"]["failed"]): number {
  return Object.values(failed).reduce((sum, count) => sum + count, 0);
}

function who(count: number, total: number, peer: string | undefined): string {
  if (total === 1) return peer === undefined ? "the one peer tried" : `peer ${peer}`;
  if (count === total) return total === 2 ? "both peers tried" : `all ${total} peers tried`;
  return count === 1 ? `one of ${total} peers tried` : `${count} of ${total} peers tried`;
}
