import type { EngineEvent } from "../session/mod.ts";
import type { Entry } from "./entry.ts";

/**
 * Whether an event of the session, of `entry` where there is one, is worth a line: a torrent that the queue starts again
 * is added to the session, complete, and held up by the same thing, once more, and that is told once.
 */
export function isNews(event: EngineEvent, entry: Entry | undefined): boolean {
  switch (event.type) {
    case "added":
      return entry?.announce() ?? true;
    case "done":
      return entry?.record.doneAt === null;
    case "error": {
      if (entry === undefined) return true;
      const told = entry.complaint === event.message;
      entry.complaint = event.message;
      return !told;
    }
    default:
      return event.type !== "progress" && event.type !== "checking";
  }
}
