import { messageOf } from "../base/mod.ts";
import { parseMagnet, type TorrentFile } from "../metainfo/mod.ts";
import type { AddOptions, Session } from "../session/mod.ts";
import type { StateDb } from "../storage/mod.ts";
import { type Entry, NOTHING_COUNTED } from "./entry.ts";
import { changesOf } from "./file_wishes.ts";
import type { Library } from "./library.ts";
import { torrentLimits } from "./limits.ts";
import { parseLocation } from "./locations.ts";

/** For a torrent that is stopped to tell its trackers. */
const GRACE_MS = 3000;

/** What of a session the manager uses. */
export type ManagedSession = Pick<Session, "add" | "control" | "setFilter" | "setLimits" | "stop">;

/** What a runner works with. */
export interface RunnerParts {
  readonly state: Pick<StateDb, "metainfo">;
  readonly library: Library;
  /** The session that runs now. */
  readonly session: () => ManagedSession;
  /** The manager's clock. */
  readonly now: () => number;
  /** Bytes that must be left free when this one begins. */
  readonly reserve: (entry: Entry) => number;
  /** May look at one a last time. */
  readonly leaves: (entry: Entry) => void;
}

/** Brings torrents into the session and out of it. Nothing here rejects: what goes wrong is the torrent's trouble. */
export class Runner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Starts one; `checkOnly`: only to hash what is there. */
  start(entry: Entry, checkOnly: boolean): Promise<void> {
    entry.run = "starting";
    entry.checking = entry.record.check;
    entry.counted = NOTHING_COUNTED;
    entry.movedAt = entry.changedAt = this.#parts.now();
    return entry.after(async () => {
      if (entry.removed || entry.run !== "starting") return;
      try {
        const { magnet } = entry.record;
        const source = magnet === null
          ? this.#parts.state.metainfo(entry.infoHash)
          : parseMagnet(magnet);
        if (source === null) {
          throw new Error("Its torrent file is gone; remove it and add it again");
        }
        const files = await this.#files(entry);
        await this.#parts.session().add(source, {
          ...optionsOf(entry, checkOnly, files),
          reserve: this.#parts.reserve(entry),
          knownAs: entry.infoHash,
        });
        // it may be wanted no more by now: then its end waits behind this
        if (entry.run === "starting") entry.run = "in";
      } catch (error) {
        if (entry.run === "starting") entry.run = "out";
        entry.set({
          trouble: { reason: "bad-torrent", message: messageOf(error), path: null, missing: null },
        });
        entry.changedAt = this.#parts.now();
      }
    });
  }

  /** Its files, where it is to be known which of them are padding. */
  async #files({ infoHash, hash, record }: Entry): Promise<readonly TorrentFile[] | null> {
    if (record.pendingFiles.length === 0) return null;
    return (await this.#parts.library.get(infoHash, hash))?.files ?? null;
  }

  /** Takes one out of the session; resolves when it is. */
  stop(entry: Entry): Promise<void> {
    if (entry.run === "out") return entry.settled();
    entry.run = "stopping";
    entry.changedAt = this.#parts.now();
    return entry.after(async () => {
      if (entry.run !== "stopping") return;
      this.#parts.leaves(entry);
      await this.#parts.session().control.remove(entry.hash, GRACE_MS);
      entry.run = "out";
      entry.checking = false;
      entry.snapshot = null;
      entry.tracker = null;
      entry.stalled = false;
    });
  }
}

function optionsOf(
  { record }: Entry,
  checkOnly: boolean,
  files: readonly TorrentFile[] | null,
): AddOptions {
  const { settings, trackers, renames, location, peers, check, pendingFiles } = record;
  return {
    seed: { minutes: null, ratio: null },
    remember: true,
    check,
    checkOnly,
    location: parseLocation(location),
    renames,
    peers,
    ...(trackers === null ? {} : { trackers }),
    ...torrentLimits(record),
    sequential: settings.sequential,
    firstLast: settings.firstLast,
    keepPriorities: true,
    priorities: changesOf(files, pendingFiles),
  };
}
