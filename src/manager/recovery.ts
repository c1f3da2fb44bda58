/** What an earlier run of the manager left: settings, moves half done, and what there is when its database is lost. */
import { messageOf, toHex } from "../base/mod.ts";
import type { ManagerState } from "../storage/mod.ts";
import type { Book } from "./book.ts";
import { patchSession } from "./check_patch.ts";
import { SESSION_DEFAULTS } from "./defaults.ts";
import { recovered } from "./intake.ts";
import type { ManagerParts } from "./parts.ts";
import type { Relocation } from "./relocation.ts";
import type { SessionPatch, SessionSettings } from "./settings.ts";

const SETTINGS = "settings";

type Sources = Pick<ManagerParts, "state" | "kept" | "emit"> & { readonly date: number };

/** Takes torrents back that a lost database had, and goes on with moves that were cut short. */
export async function recover(sources: Sources, book: Book, relocation: Relocation): Promise<void> {
  const { kept, emit } = sources;
  const warn = (message: string) => emit({ type: "warning", torrent: null, message });
  if (kept.lost || book.damaged > 0) await takeBack(sources, book, warn);
  for (const entry of book.all()) {
    if (entry.record.target === null) continue;
    await relocation.finish(entry).catch(async (error) => {
      const message = `Cannot finish moving ${entry.record.name}: ${messageOf(error)}`;
      await relocation.revert(entry).then(() => warn(`${message}; it is where it was`), () => {
        // some files are there, some here: it waits until somebody has looked and starts it
        warn(message);
        entry.set({ trouble: { reason: "other", message, path: null, missing: null } });
      });
    });
  }
  book.save();
}

/** The settings as they were, or those of a new manager. */
export function keptSettings({ kept, emit }: Pick<ManagerParts, "kept" | "emit">): SessionSettings {
  const text = kept.get(SETTINGS);
  if (text === null) return SESSION_DEFAULTS;
  try {
    return patchSession(SESSION_DEFAULTS, JSON.parse(text) as SessionPatch);
  } catch (error) {
    const message = `Cannot read the settings, they are those of a new manager: ${
      messageOf(error)
    }`;
    emit({ type: "warning", torrent: null, message });
    return SESSION_DEFAULTS;
  }
}

/** Keeps the settings. */
export function keepSettings(kept: ManagerState, settings: SessionSettings): void {
  kept.set(SETTINGS, JSON.stringify(settings));
}

async function takeBack(
  { state, date }: Sources,
  book: Book,
  warn: (message: string) => void,
): Promise<void> {
  let count = 0;
  for (const torrent of state.metainfos()) {
    try {
      const { infoHash, record } = await recovered(torrent, date);
      if (book.get(toHex(infoHash)) !== undefined) continue;
      book.add(infoHash, record);
      count++;
    } catch (error) {
      warn(`Cannot take back a torrent: ${messageOf(error)}`);
    }
  }
  warn(`Took back ${count} torrents from what was left; their settings, labels and queue are new`);
}
