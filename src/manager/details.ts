import { Bitfield, type Bytes, splitHostPort } from "../base/mod.ts";
import { FileMap, geometryOf, type Metainfo, parseMagnet } from "../metainfo/mod.ts";
import type { FilePriority, PeerReport, SessionControl } from "../session/mod.ts";
import { placed } from "../session/mod.ts";
import type { StateDb } from "../storage/mod.ts";
import { refusalIn, scrapeUrl, type TrackerStatus } from "../tracker/mod.ts";
import type { Detail, FileView, PeerView, TorrentDetails, TrackerView, Why } from "./api.ts";
import { advised } from "./advice.ts";
import type { OverBudget } from "./budget.ts";
import type { Entry } from "./entry.ts";
import { prioritiesOf } from "./file_wishes.ts";
import type { TorrentRecord } from "./record.ts";

/** The files of a torrent with what is there of each; `priorities` is a value for each file, padding included. */
export function fileViews(
  metainfo: Metainfo,
  record: TorrentRecord,
  have: Bitfield,
  priorities: readonly FilePriority[],
): FileView[] {
  const geometry = geometryOf(metainfo);
  const { files } = metainfo;
  const done = new Float64Array(files.length);
  const map = new FileMap(files);
  for (const piece of have) {
    for (const span of map.spans(geometry.pieceOffset(piece), geometry.pieceSize(piece))) {
      done[span.file]! += span.length;
    }
  }
  const names = placed(files, { renames: record.renames });
  return files.flatMap((file, i): FileView[] => {
    if (file.pad) return [];
    const path = names[i]!.path.join("/");
    return [{ path, length: file.length, done: done[i]!, priority: priorities[i]! }];
  });
}

/** A connected peer. */
export function peerView(peer: PeerReport): PeerView {
  const endpoint = splitHostPort(peer.endpoint);
  return {
    address: endpoint?.host ?? peer.endpoint,
    port: endpoint?.port ?? 0,
    client: peer.client,
    progress: peer.progress,
    downRate: peer.downRate,
    upRate: peer.upRate,
    choking: peer.choking,
    choked: peer.amChoking,
    interested: peer.interested,
    interesting: peer.amInterested,
    incoming: !peer.outgoing,
    encrypted: peer.encrypted,
    utp: peer.utp,
    optimistic: peer.optimistic,
    snubbed: peer.snubbed,
    origin: peer.origin,
  };
}

/** The trackers of a torrent: as they are where it runs (`statuses`), as they are listed where it does not. */
export function trackerViews(
  tiers: readonly (readonly string[])[],
  statuses: readonly TrackerStatus[],
  control: Pick<SessionControl, "now"> | null,
  date: number,
): TrackerView[] {
  const known = new Map(statuses.map((status) => [status.url, status]));
  // the session's clock tells nobody anything
  const time = (at: number | null | undefined) =>
    at === null || at === undefined ? null : Math.round(date + at - (control?.now() ?? 0));
  const out: TrackerView[] = [];
  tiers.forEach((urls, tier) => {
    for (const given of urls) {
      const url = given.trim();
      const status = known.get(url);
      const state = status?.state;
      out.push({
        id: out.length,
        url,
        scrape: scrapeOf(url),
        tier,
        state: status === undefined
          ? "idle"
          : status.asking && state?.phase === "idle"
          ? "asked"
          : status.state.phase,
        ...complaintOf(status),
        peers: status?.peers ?? 0,
        seeders: status?.seeders ?? -1,
        leechers: status?.leechers ?? -1,
        downloads: status?.downloads ?? -1,
        lastAt: time(status?.lastOk),
        nextAt: time(status?.next),
      });
    }
  });
  return out;
}

/** What a tracker complains of, or what is wrong with it. */
function complaintOf(
  status: TrackerStatus | undefined,
): Pick<TrackerView, "message" | "fault" | "said"> {
  const { state, warning = null } = status ?? {};
  if (state?.phase === "unsupported") {
    return { message: state.message, fault: "unsupported", said: "" };
  }
  if (state?.phase !== "failed") {
    const said = warning ?? "";
    return { message: said, fault: null, said };
  }
  const { message, fault } = state;
  return { message, fault, said: fault === "refuses" ? refusalIn(message) : "" };
}

/** A bitfield as it is kept, or of nothing. */
export function bitfieldOf(pieces: Bytes | null, count: number): Bitfield {
  return (pieces === null ? null : Bitfield.fromWire(pieces, count)) ?? new Bitfield(count);
}

/** Where a tracker is scraped (BEP 48); empty: nowhere. */
function scrapeOf(url: string): string {
  if (url.startsWith("udp:")) return url;
  // made for a query, and there is none
  return scrapeUrl(url, [])?.replace(/[?&]$/, "") ?? "";
}

/** What details are made of. */
export interface DetailSources {
  readonly entry: Entry;
  /** Null: nothing runs. */
  readonly control: SessionControl | null;
  /** Null: not known yet. */
  readonly metainfo: Metainfo | null;
  readonly state: Pick<StateDb, "load" | "loadFiles">;
  /** Why it may download nothing more, null: it may. */
  readonly budget: OverBudget | null;
  /** Milliseconds since 1970. */
  readonly date: number;
}

/** The lists of a torrent that somebody asks for. */
export function detailsOf(sources: DetailSources, wanted: readonly Detail[]): TorrentDetails {
  const { entry, control, metainfo, state, date } = sources;
  const { hash, record } = entry;
  const out: { -readonly [K in keyof TorrentDetails]: TorrentDetails[K] } = {};
  for (const detail of wanted) {
    switch (detail) {
      case "files":
        out.files = metainfo === null ? [] : fileViews(
          metainfo,
          record,
          haveOf(sources),
          prioritiesOf(state, metainfo, record.pendingFiles),
        );
        break;
      case "connected":
        out.connected = (control?.peers(hash) ?? []).map(peerView);
        break;
      case "trackers":
        out.trackers = trackerViews(
          tiersOf(record, metainfo),
          control?.trackers(hash) ?? [],
          control,
          date,
        );
        break;
      case "have":
        out.have = haveOf(sources).toWire();
        break;
      case "why":
        out.why = whyOf(sources);
        break;
    }
  }
  return out;
}

/** Announce URLs in tiers. */
export function tiersOf(
  record: TorrentRecord,
  metainfo: Metainfo | null,
): readonly (readonly string[])[] {
  if (record.trackers !== null) return record.trackers;
  if (metainfo !== null) return metainfo.trackers;
  return record.magnet === null ? [] : parseMagnet(record.magnet).trackers.map((url) => [url]);
}

function haveOf({ entry, control, metainfo, state }: DetailSources): Bitfield {
  const count = entry.record.facts.pieces;
  const live = control?.pieces(entry.hash) ?? null;
  if (live !== null) return bitfieldOf(live, count);
  if (metainfo === null) return new Bitfield(count);
  return state.load(entry.infoHash, count)?.good ?? new Bitfield(count);
}

function whyOf({ entry, control, budget }: DetailSources): Why {
  const { trouble, goal, complete } = entry.record;
  const told = (code: Why["code"], text: string) => ({ code, values: {}, text, causes: [] });
  if (trouble !== null) return told("trouble", trouble.message);
  if (goal === "stop") return told("stopped", "it is stopped");
  if (!complete && budget !== null) {
    const { code, bytes, text } = budget;
    return { code, values: { bytes }, text, causes: [] };
  }
  if (entry.run !== "in") return told("queue", "it waits for its place in the queue");
  const waiting = control?.why(entry.hash) ?? null;
  const moves = (entry.snapshot?.downRate ?? 0) > 0;
  if (waiting === null || entry.snapshot?.complete || moves) return told("", "");
  const { stage, text, causes } = waiting;
  return { code: stage, values: {}, text, causes: advised(causes) };
}
