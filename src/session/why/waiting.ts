/** Why a download waits, as a front end hears it: posted between threads and printed as JSON. */
import type { DialFault } from "../dial_faults.ts";
import type { Cause } from "./cause.ts";

/** What a download waits for, in the order it goes through them. */
export type Stage =
  /** The rest of what a magnet link leads to: names, sizes, hashes. */
  | "metadata"
  /** Opening and hashing what is on disk. */
  | "checking"
  /** Nobody is connected. */
  | "peers"
  /** All connected peers that have something for us choke us. */
  | "unchoke"
  /** We may ask, or nobody has what is missing. */
  | "data"
  /** What came is on its way to the disk. */
  | "disk"
  /** The reader of a stream has not taken what is there. */
  | "reader";

/** What was tried so far: numbers of addresses and peers. */
export interface Tried {
  /** Addresses known, banned ones not counted. */
  readonly known: number;
  /** Connections being made. */
  readonly connecting: number;
  /** Addresses whose latest dial failed, by how. */
  readonly failed: Partial<Readonly<Record<DialFault, number>>>;
  /** Seconds until the next dial; null: none is due. */
  readonly next: number | null;
  /** Peers connected, of them those that have a piece we lack, of these those that let us ask. */
  readonly connected: number;
  readonly useful: number;
  readonly unchoked: number;
}

/** How a tracker is; times are seconds. */
export interface TrackerNote {
  readonly url: string;
  /** `idle`: not asked yet; `asked`: an answer is awaited. */
  readonly state: "idle" | "asked" | "ok" | "failed" | "unsupported";
  /** Its last error or warning. */
  readonly message: string | null;
  /** Peers and seeders in its last answer; null: it has not answered, or does not say. */
  readonly peers: number | null;
  readonly seeders: number | null;
  /** Until it is asked next; null: not foreseen. */
  readonly next: number | null;
}

/** How the DHT is; times are seconds. */
export interface DhtNote {
  /** Nodes that answered of late. */
  readonly nodes: number;
  /** A search is under way. */
  readonly asking: boolean;
  /** Peers that the last search found; null: none has ended. */
  readonly peers: number | null;
  /** Until the next search; null: not foreseen. */
  readonly next: number | null;
}

/** How a web server is; times are seconds. */
export interface WebseedNote {
  readonly url: string;
  /** `idle`: there is nothing to ask it for now; `gone`: it is asked no more. */
  readonly state: "idle" | "asked" | "serving" | "failed" | "gone";
  /** Its last error. */
  readonly message: string | null;
  /** Until it is asked next; null: not foreseen. */
  readonly next: number | null;
}

/** How a torrent file that a magnet link names is (`xs`); times are seconds. */
export interface SourceNote {
  readonly url: string;
  /** `idle`: not asked yet; `gone`: it is asked no more. */
  readonly state: "idle" | "asked" | "failed" | "gone";
  /** Its last error. */
  readonly message: string | null;
  /** Until it is asked next; null: not foreseen. */
  readonly next: number | null;
}

/** Why a download waits. */
export interface Waiting {
  readonly stage: Stage;
  /** The stage in words: `waiting for peers`. */
  readonly text: string;
  /** Since something useful moved. */
  readonly seconds: number;
  readonly tried: Tried;
  readonly trackers: readonly TrackerNote[];
  /** Null: it is off, or not for this torrent. */
  readonly dht: DhtNote | null;
  readonly webseeds: readonly WebseedNote[];
  /** Of a magnet link whose metadata is waited for. */
  readonly sources: readonly SourceNote[];
  /** At least one and at most five, the likeliest first. */
  readonly causes: readonly Cause[];
}
