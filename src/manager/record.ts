import { geometryOf, type Metainfo, parseMagnet } from "../metainfo/mod.ts";
import type { FailureReason, Rename } from "../session/mod.ts";
import { patchTorrent } from "./check_patch.ts";
import { TORRENT_DEFAULTS } from "./defaults.ts";
import type { FilePatch, TorrentSettings } from "./settings.ts";

/** What is kept of a torrent between runs, as JSON. Units as in `api.ts`. */
export interface TorrentRecord {
  readonly name: string;
  /** The link, as long as the metadata is not here. */
  readonly magnet: string | null;
  readonly goal: "run" | "now" | "stop";
  /** Hash what is there when it runs next. */
  readonly check: boolean;
  readonly location: string;
  readonly renames: readonly Rename[];
  /** Announce URLs in tiers instead of the torrent's, null: its own. */
  readonly trackers: readonly (readonly string[])[] | null;
  /** Changes to its files that the session does not have yet. */
  readonly pendingFiles: readonly FilePatch[];
  /** Peers that were named with it. */
  readonly peers: readonly string[];
  /** The files are on their way to this place and these names. */
  readonly target: Pick<TorrentRecord, "location" | "renames"> | null;
  /** Those with less come first in the queue. Ones that went leave gaps, so that the others need not be kept anew. */
  readonly position: number;
  readonly settings: TorrentSettings;
  readonly addedAt: number;
  readonly doneAt: number | null;
  readonly startedAt: number | null;
  readonly activeAt: number | null;
  readonly editedAt: number | null;
  readonly secondsDownloading: number;
  readonly secondsSeeding: number;
  readonly downloaded: number;
  readonly uploaded: number;
  readonly corrupt: number;
  /** Bytes of everything, of what is wanted, and verified ones of each, as last seen. */
  readonly size: number;
  readonly wanted: number;
  readonly done: number;
  readonly valid: number;
  readonly complete: boolean;
  readonly finished: boolean;
  /** What keeps it from running. */
  readonly trouble: {
    readonly reason: FailureReason;
    readonly message: string;
    /** What it is about, on the disk. */
    readonly path: string | null;
    /** Bytes that the disk lacks. */
    readonly missing: number | null;
  } | null;
  readonly facts: TorrentFacts;
}

/** What the torrent's file says of it. */
export interface TorrentFacts {
  readonly private: boolean;
  readonly comment: string;
  readonly creator: string;
  readonly createdAt: number | null;
  readonly pieces: number;
  readonly pieceLength: number;
  readonly webseeds: readonly string[];
  readonly link: string;
}

/** What a trouble has that an earlier version kept. */
const NO_TROUBLE = { path: null, missing: null };

/** Nothing is known but the info hash. */
export const NO_FACTS: TorrentFacts = {
  private: false,
  comment: "",
  creator: "",
  createdAt: null,
  pieces: 0,
  pieceLength: 0,
  webseeds: [],
  link: "",
};

/** A torrent that was just taken in, `now` milliseconds since 1970. */
export function newRecord(name: string, now: number): TorrentRecord {
  return {
    name,
    magnet: null,
    goal: "stop",
    check: false,
    location: "",
    renames: [],
    trackers: null,
    pendingFiles: [],
    peers: [],
    target: null,
    position: 0,
    settings: TORRENT_DEFAULTS,
    addedAt: now,
    doneAt: null,
    startedAt: null,
    activeAt: null,
    editedAt: null,
    secondsDownloading: 0,
    secondsSeeding: 0,
    downloaded: 0,
    uploaded: 0,
    corrupt: 0,
    size: 0,
    wanted: 0,
    done: 0,
    valid: 0,
    complete: false,
    finished: false,
    trouble: null,
    facts: NO_FACTS,
  };
}

/** What a torrent's file says, for those who show it. */
export function factsOf(metainfo: Metainfo, link: string): TorrentFacts {
  const { isPrivate, comment, createdBy, creationDate, pieceLength } = metainfo;
  return {
    private: isPrivate,
    comment: comment ?? "",
    creator: createdBy ?? "",
    createdAt: creationDate ?? null,
    pieces: geometryOf(metainfo).pieceCount,
    pieceLength,
    webseeds: metainfo.webseeds,
    link,
  };
}

/** A record as it was kept; null for a text that is none. What a later version has added gets its default. */
export function parseRecord(text: string): TorrentRecord | null {
  try {
    const kept = JSON.parse(text) as Partial<TorrentRecord> | null;
    if (kept === null || typeof kept !== "object" || typeof kept.name !== "string") return null;
    const fresh = newRecord(kept.name, kept.addedAt ?? 0);
    const record = { ...fresh, ...kept, facts: { ...NO_FACTS, ...kept.facts } };
    if (record.magnet !== null) parseMagnet(record.magnet);
    const trouble = record.trouble && { ...NO_TROUBLE, ...record.trouble };
    return { ...record, trouble, settings: patchTorrent(TORRENT_DEFAULTS, kept.settings ?? {}) };
  } catch {
    return null;
  }
}
