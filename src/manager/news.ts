import type { EngineEvent } from "../session/mod.ts";
import type { Book } from "./book.ts";

/**
 * Whether the log should hear of it. A torrent that the queue starts again is added to the session, and complete, once
 * more: that is told once.
 */
export function isNews(event: EngineEvent, book: Book): boolean {
  const entry = "torrent" in event && event.torrent !== null ? book.get(event.torrent) : undefined;
  if (event.type === "added") return entry?.announce() ?? true;
  if (event.type === "done") return entry?.record.doneAt === null;
  return event.type !== "progress" && event.type !== "checking";
}
