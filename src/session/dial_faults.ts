import { type Endpoint, formatEndpoint } from "../base/mod.ts";
import { UtpError } from "../net/mod.ts";
import { ProxyError, type ProxyFault } from "../proxy/mod.ts";
import type { PeerConnection } from "../wire/mod.ts";

/** What became of a dial that gave nothing. */
export type DialFault =
  /** Our system has no socket or file handle left. */
  | "no-socket"
  /** The proxy does not carry us. */
  | "proxy"
  | "unreachable"
  | "silent"
  | "refused"
  /** Connected, and closed or reset right after our handshake. */
  | "hung-up"
  /** Connected, and nothing more. */
  | "no-handshake"
  /** What it says is not BitTorrent, or breaks it. */
  | "nonsense"
  | "other-torrent"
  /** We want no second connection, or nothing to do with it. */
  | "unwanted"
  /** Handshakes were over, and it left before it gave anything. */
  | "left"
  | "other";

/** Addresses remembered, the latest first; as many as a pool knows. */
const MOST_ADDRESSES = 2000;

/** What became of the addresses that were dialled, each with its latest fault. Bounded, however many are named. */
export class DialFaults {
  readonly #faults = new Map<string, DialFault>();
  #last: { readonly peer: string; readonly reason: string } | null = null;

  /** Addresses whose latest dial failed. */
  get size(): number {
    return this.#faults.size;
  }

  /** The failure noted last; `reason` is for people. */
  get last(): { readonly peer: string; readonly reason: string } | null {
    return this.#last;
  }

  /** A dial of `endpoint` gave nothing. */
  note(endpoint: Endpoint, fault: DialFault, reason: string): void {
    const peer = formatEndpoint(endpoint);
    this.#faults.delete(peer);
    if (this.#faults.size >= MOST_ADDRESSES) {
      this.#faults.delete(this.#faults.keys().next().value!);
    }
    this.#faults.set(peer, fault);
    this.#last = { peer, reason };
  }

  /** A connection with `endpoint` works. */
  works(endpoint: Endpoint): void {
    this.#faults.delete(formatEndpoint(endpoint));
  }

  /** How many addresses failed in which way; only what occurred. */
  counts(): Partial<Record<DialFault, number>> {
    const counts: Partial<Record<DialFault, number>> = {};
    for (const fault of this.#faults.values()) counts[fault] = (counts[fault] ?? 0) + 1;
    return counts;
  }

  /** Forgets everything: the addresses count no longer. */
  clear(): void {
    this.#faults.clear();
    this.#last = null;
  }
}

/** What a proxy says of whom it was to reach. */
const PROXY_FAULTS: Readonly<Partial<Record<ProxyFault, DialFault>>> = {
  "target-refused": "refused",
  "target-silent": "silent",
  "target-unreachable": "unreachable",
};

/** The fault of a connection that could not be made. */
export function connectFault(error: unknown): DialFault {
  if (error instanceof ProxyError) return PROXY_FAULTS[error.fault] ?? "proxy";
  const { errors } = Deno;
  if (error instanceof UtpError) return error.end === "silent" ? "silent" : "refused";
  if (error instanceof errors.ConnectionRefused) return "refused";
  if (error instanceof errors.TimedOut || error instanceof DOMException) return "silent";
  if (
    error instanceof errors.NetworkUnreachable || error instanceof errors.AddrNotAvailable
  ) return "unreachable";
  if (error instanceof errors.ConnectionReset) return "hung-up";
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EMFILE" || code === "ENFILE" || code === "ENOBUFS") return "no-socket";
  return code === "EHOSTUNREACH" || code === "ENETUNREACH" ? "unreachable" : "other";
}

/** The fault of a connection that ended before its handshake was over. `late`: it was ours to end. */
export function handshakeFault(connection: PeerConnection, late: boolean): DialFault {
  if (connection.faulty) return "nonsense";
  if (connection.remoteId !== null) return "unwanted";
  return late ? "no-handshake" : "hung-up";
}
