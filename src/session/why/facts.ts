/** What there is to know of a download that does not move; plain values. */
import type { TrackerFault } from "../../base/mod.ts";
import type { MetadataState } from "../../swarm/mod.ts";
import type { Reader } from "../torrent_data.ts";
import type { ExactSourceFailure } from "./exact_source_causes.ts";
import type { DhtNote, SourceNote, TrackerNote, Tried, WebseedNote } from "./waiting.ts";
import type { WebseedFailure } from "./webseed_causes.ts";

/** A tracker, and what is wrong with it where something is. */
export interface TrackerFacts extends TrackerNote {
  readonly fault: TrackerFault | null;
}

/** A web server, and what is wrong with it where something is. */
export interface WebseedFacts extends WebseedNote {
  readonly failure: WebseedFailure | null;
}

/** A torrent file that the link names, and what is wrong with it where something is. */
export interface SourceFacts extends SourceNote {
  readonly failure: ExactSourceFailure | null;
}

/** Everything {@linkcode explain} looks at. Sizes are bytes, rates bytes a second (0: no limit), times seconds. */
export interface WaitFacts {
  /** Since something useful moved. */
  readonly seconds: number;
  /** False while files are opened and hashed: the rest says nothing yet. */
  readonly running: boolean;
  /** How the metadata of a magnet link comes; null once it is here. */
  readonly metadata: MetadataState | null;
  readonly tried: Tried;
  readonly trackers: readonly TrackerFacts[];
  /** Null: it is off, or the torrent is private. */
  readonly dht: DhtNote | null;
  readonly webseeds: readonly WebseedFacts[];
  /** Of a magnet link whose metadata is waited for. */
  readonly sources: readonly SourceFacts[];
  readonly peers: {
    /** The dial that failed last. */
    readonly lastFailure: { readonly peer: string; readonly reason: string } | null;
    /** Sent away for what they sent. */
    readonly banned: number;
    /** Addresses that were named and may not be dialled: private ones, named by strangers. */
    readonly forbidden: number;
    /** Addresses that the user's filter keeps away. */
    readonly filtered: number;
    /** Connected peers that connected to us. */
    readonly incoming: number;
    /** Connected peers that let us ask and are asked, and owe us an answer too long. */
    readonly snubbing: number;
  };
  readonly pieces: {
    readonly total: number;
    readonly missing: number;
    /** Missing ones that no connected peer has. */
    readonly nowhere: number;
  };
  readonly disk: {
    /** Bytes of this torrent being hashed and written. */
    readonly pending: number;
    /** So much waits, of all torrents together, that nothing is received. */
    readonly full: boolean;
  };
  /** Whom the data goes to. */
  readonly reader: Reader;
  readonly own: {
    /** The port we listen on; null: none. */
    readonly port: number | null;
    /** Through a proxy nobody can connect to us, and that is no fault. */
    readonly proxied: boolean;
    /** Whether a gateway leads a port to ours; null: it was not to be asked. */
    readonly mapping: "asking" | "mapped" | "failed" | null;
    readonly downloadLimit: number;
    readonly uploadLimit: number;
    /** The download limit keeps links from reading. */
    readonly limited: boolean;
    /** All connections of the program are taken: nobody else may be dialled. */
    readonly crowded: boolean;
  };
}
