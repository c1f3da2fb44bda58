/** Why a torrent does not move: as a manager tells it, or guessed from what Transmission tells. */
import {
  isTorrentManager,
  json,
  type JsonObject,
  readSummary,
  readTrackers,
  type RemoteTracker,
  SUMMARY_FIELDS,
  type TorrentSummary,
} from "../../remote/mod.ts";
import { describeState, stateWord } from "./state_words.ts";
import { isComplete } from "./filter.ts";

/** One cause and what to do. */
export interface Reason {
  readonly text: string;
  readonly advice: string;
}

/** What is known of a torrent's wait. */
export interface Reasons {
  readonly torrent: TorrentSummary;
  /** The stage in words, or the state. */
  readonly text: string;
  /** The likeliest first; empty: it does not wait. */
  readonly causes: readonly Reason[];
}

/** The fields to ask for. */
export const REASON_FIELDS = [...SUMMARY_FIELDS, "trackerStats", "isPrivate", "why"] as const;

/** Reads {@linkcode REASON_FIELDS}; `session` is the manager's. */
export function readReasons(from: JsonObject, session: JsonObject): Reasons {
  const torrent = readSummary(from);
  const own = stateReason(torrent);
  if (own !== null) return { torrent, text: describeState(torrent), causes: [own] };
  // null of a torrent that does not wait; another manager has no such field, or answers 0
  if (!isTorrentManager(session)) {
    const dht = json.flag(session, "dht-enabled") && !json.flag(from, "isPrivate");
    return {
      torrent,
      text: describeState(torrent),
      causes: guess(torrent, readTrackers(from), dht),
    };
  }
  const why = json.object(from, "why");
  const causes = json.objects(why, "causes", (cause) => ({
    text: json.text(cause, "text"),
    advice: json.text(cause, "advice"),
  }));
  return { torrent, text: json.text(why, "text") || describeState(torrent), causes };
}

/** What the state alone explains. */
function stateReason(torrent: TorrentSummary): Reason | null {
  const { id, message, position } = torrent;
  switch (stateWord(torrent)) {
    case "error":
      return {
        text: message || "it was stopped by an error",
        advice: `remove the cause, then tm resume ${id}`,
      };
    case "paused":
      return { text: "it is paused", advice: `tm resume ${id}` };
    case "finished":
      return {
        text: "it has reached its seeding goal",
        advice: `for more: tm limit ${id} --seed-ratio off, then tm resume ${id}`,
      };
    case "queued":
      return {
        text: `its turn has not come, it has place ${position + 1} in the queue`,
        advice: `tm resume --now ${id} passes the queue; tm session sets its size`,
      };
    case "checking":
      return { text: "what is on the disk is being hashed", advice: "wait; it goes on by itself" };
    default:
      return null;
  }
}

/** From what every manager tells. */
function guess(
  torrent: TorrentSummary,
  trackers: readonly RemoteTracker[],
  dht: boolean,
): Reason[] {
  const { peers, sending, downRate } = torrent;
  if (isComplete(torrent) || sending > 0 || downRate > 0) return [];
  const causes: Reason[] = [];
  if (peers > 0) {
    causes.push({
      text: `${peers} connected, and none sends: they lack the pieces, or let others go first`,
      advice: "wait, or ask for more peers with tm reannounce",
    });
  }
  for (const { url, message } of trackers.filter(({ state }) => state === "failed").slice(0, 3)) {
    causes.push({
      text: `the tracker ${url} failed: ${message || "no answer"}`,
      advice: "it is asked again by itself; tm trackers shows when",
    });
  }
  const answered = trackers.filter(({ state }) => state === "ok");
  if (peers === 0 && answered.length > 0 && answered.every(({ seeders }) => seeders === 0)) {
    causes.push({
      text: "the trackers know nobody who has all of it",
      advice: "wait for a seed, or look for a torrent that is alive",
    });
  }
  if (trackers.length === 0 && !dht) {
    causes.push({
      text: "it has no tracker, and the DHT is off or not for it",
      advice: "tm session dht=on, or tm trackers ID --add URL",
    });
  }
  if (causes.length === 0) {
    causes.push({
      text: "no peer was found so far",
      advice: "tm trackers tells who was asked, tm doctor whether others can reach us",
    });
  }
  return causes;
}
