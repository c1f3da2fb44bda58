import type { SessionControl, TorrentSnapshot } from "../session/mod.ts";
import { refusalIn } from "../tracker/mod.ts";
import type { PeerOrigins, TorrentView, Trouble } from "./api.ts";
import type { Entry } from "./entry.ts";
import { goalsOf } from "./goals.ts";
import type { SessionSettings } from "./settings.ts";

const NO_ORIGINS: PeerOrigins = {
  cache: 0,
  dht: 0,
  incoming: 0,
  lsd: 0,
  pex: 0,
  tracker: 0,
  user: 0,
};

/** Of metadata that is all here and not read yet: until then nobody can say what the torrent is called. */
const ALMOST = 0.99;

const NO_TROUBLE: Trouble = { kind: "none" };

/** What of a torrent its view is made of. */
export type Viewed = Pick<
  Entry,
  | "id"
  | "hash"
  | "record"
  | "place"
  | "snapshot"
  | "activity"
  | "tracker"
  | "stalled"
  | "seconds"
  | "movedAt"
>;

/** A torrent as others see it; `now` on the manager's clock. */
export function viewOf(
  entry: Viewed,
  settings: SessionSettings,
  control: Pick<SessionControl, "available" | "manualAnnounce"> | null,
  now: number,
): TorrentView {
  const { record, snapshot, hash, seconds } = entry;
  const { facts } = record;
  const live = snapshot !== null && snapshot.phase === "running" ? snapshot : null;
  const shown = snapshot ?? null;
  return {
    id: entry.id,
    hash,
    name: record.name,
    location: record.location,
    activity: entry.activity,
    metadata: record.magnet === null ? 1 : Math.min(snapshot?.metadata ?? 0, ALMOST),
    trouble: troubleOf(entry),
    size: record.size,
    wanted: record.wanted,
    done: record.done,
    valid: record.valid,
    unchecked: live?.unchecked ?? 0,
    corrupt: record.corrupt,
    available: live === null || live.peers + live.webseedsSending === 0
      ? 0
      : control?.available(hash) ?? 0,
    downloaded: record.downloaded,
    uploaded: record.uploaded,
    downRate: live?.downRate ?? 0,
    upRate: live?.upRate ?? 0,
    peers: shown?.peers ?? 0,
    peersSending: live?.sending ?? 0,
    peersGetting: live?.getting ?? 0,
    seeds: live?.seeds ?? 0,
    known: shown?.known ?? 0,
    origins: shown === null || shown.peers === 0 ? NO_ORIGINS : { ...shown.origins, cache: 0 },
    webseeds: facts.webseeds,
    webseedsSending: live?.webseedsSending ?? 0,
    eta: etaOf(entry, settings, live),
    etaIdle: etaIdleOf(entry, settings, now),
    checked: snapshot?.phase === "checking" || snapshot?.phase === "opening" ? snapshot.checked : 0,
    addedAt: record.addedAt,
    doneAt: record.doneAt,
    startedAt: record.startedAt,
    activeAt: record.activeAt,
    editedAt: record.editedAt,
    secondsDownloading: Math.floor(record.secondsDownloading + (record.complete ? 0 : seconds)),
    secondsSeeding: Math.floor(record.secondsSeeding + (record.complete ? seconds : 0)),
    position: entry.place,
    stalled: entry.stalled,
    finished: record.finished,
    private: facts.private,
    comment: facts.comment,
    creator: facts.creator,
    createdAt: facts.createdAt,
    pieces: facts.pieces,
    pieceLength: facts.pieceLength,
    magnet: record.magnet ?? facts.link,
    settings: record.settings,
    manualAnnounce: control?.manualAnnounce(hash) ?? null,
  };
}

function troubleOf({ record, tracker }: Viewed): Trouble {
  if (record.trouble !== null) {
    return { kind: "local", ...record.trouble };
  }
  if (tracker === null) return NO_TROUBLE;
  const { fault, message } = tracker;
  return fault === null ? { kind: "tracker-warning", message } : {
    kind: "tracker-error",
    fault,
    said: fault === "refuses" ? refusalIn(message) : "",
    message,
  };
}

/** Seconds until everything wanted is here, or as much was sent as wanted; null: cannot be told. */
function etaOf(
  { record }: Viewed,
  settings: SessionSettings,
  live: TorrentSnapshot | null,
): number | null {
  if (live === null) return null;
  if (!live.complete) {
    return live.downRate > 0 ? Math.ceil((live.size - live.done) / live.downRate) : null;
  }
  const { ratio } = goalsOf(record.settings, settings);
  if (ratio === null || live.upRate === 0) return null;
  const base = record.downloaded > 0 ? record.downloaded : record.valid;
  return Math.max(0, Math.ceil((ratio * base - record.uploaded) / live.upRate));
}

function etaIdleOf(entry: Viewed, settings: SessionSettings, now: number): number | null {
  const { record, snapshot } = entry;
  const { idleSeconds } = goalsOf(record.settings, settings);
  if (idleSeconds === null || snapshot?.phase !== "running" || !snapshot.complete) return null;
  return Math.max(0, Math.ceil(idleSeconds - (now - entry.movedAt) / 1000));
}
