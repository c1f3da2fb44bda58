import { Bitfield, type Bytes, splitHostPort } from "../base/mod.ts";
import { FileMap, Geometry, type Metainfo } from "../metainfo/mod.ts";
import { placed, type PeerReport, type SessionControl } from "../session/mod.ts";
import type { FilePriority } from "../session/mod.ts";
import type { TrackerStatus } from "../tracker/mod.ts";
import type { FileView, PeerView, TrackerView } from "./api.ts";
import type { TorrentRecord } from "./record.ts";

/** The files of a torrent with what is there of each; `priorities` is a value for each file, padding included. */
export function fileViews(
  metainfo: Metainfo,
  record: TorrentRecord,
  have: Bitfield,
  priorities: readonly FilePriority[] | null,
): FileView[] {
  const geometry = new Geometry(metainfo.totalLength, metainfo.pieceLength);
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
    return [{ path, length: file.length, done: done[i]!, priority: priorities?.[i] ?? "normal" }];
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
    encrypted: false,
    utp: false,
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
  const wall = (at: number) => Math.round(date + at - (control?.now() ?? 0));
  const out: TrackerView[] = [];
  tiers.forEach((urls, tier) => {
    for (const given of urls) {
      const url = given.trim();
      const status = known.get(url);
      const state = status?.state;
      out.push({
        id: out.length,
        url,
        scrape: scrapeUrl(url),
        tier,
        state: status === undefined
          ? "idle"
          : status.asking && state?.phase === "idle"
          ? "asked"
          : status.state.phase,
        message: (state !== undefined && "message" in state ? state.message : status?.warning) ?? "",
        peers: status?.peers ?? 0,
        seeders: status?.seeders ?? -1,
        leechers: status?.leechers ?? -1,
        downloads: status?.downloads ?? -1,
        lastAt: status?.lastOk == null ? null : wall(status.lastOk),
        nextAt: status?.next == null ? null : wall(status.next),
      });
    }
  });
  return out;
}

/** A bitfield as it is kept, or of nothing. */
export function bitfieldOf(pieces: Bytes | null, count: number): Bitfield {
  return (pieces === null ? null : Bitfield.fromWire(pieces, count)) ?? new Bitfield(count);
}

/** Where a tracker is scraped by convention (BEP 48); empty: nowhere. */
function scrapeUrl(url: string): string {
  if (url.startsWith("udp:")) return url;
  const at = url.lastIndexOf("/announce");
  return at < 0 || url.indexOf("/", at + 1) >= 0
    ? ""
    : `${url.slice(0, at)}/scrape${url.slice(at + "/announce".length)}`;
}
