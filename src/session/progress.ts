import { type Millis, toHex } from "../base/mod.ts";
import { type FileChoice, geometryOf, type Metainfo } from "../metainfo/mod.ts";
import type { AddOptions, EngineEvent, TorrentState } from "./api.ts";
import type { MetadataFetch } from "../swarm/mod.ts";
import type { Contacts } from "./contacts.ts";
import type { Running } from "./running.ts";

/** What the front end hears first of a torrent of which `choice` is wanted. */
export function addedEvent(
  metainfo: Metainfo,
  choice: FileChoice,
  options: AddOptions,
): EngineEvent {
  const { infoHash, name, pieceLength, isPrivate } = metainfo;
  return {
    type: "added",
    torrent: toHex(infoHash),
    name: options.name ?? name,
    size: choice.size,
    files: choice.count,
    pieces: geometryOf(metainfo).pieceCount,
    pieceLength,
    private: isPrivate,
  };
}

/** What a report of a torrent's progress is made of. */
export interface ProgressFacts {
  /** Info hash in hexadecimal. */
  readonly torrent: string;
  /** Bytes verified, of `size`. */
  readonly done: number;
  readonly size: number;
  /** Null while what is on disk is being checked. */
  readonly running: Running | null;
}

/** How far a torrent is, as its front end hears it. */
export function progressEvent(facts: ProgressFacts, now: Millis): EngineEvent {
  const { torrent, done, size, running } = facts;
  const swarm = running?.swarm ?? null;
  const downRate = Math.round(swarm?.downloads.rate.rate(now) ?? 0);
  const left = size - done;
  return {
    type: "progress",
    torrent,
    state: stateOf(running),
    done,
    size,
    downRate,
    upRate: Math.round(swarm?.uploads.rate.rate(now) ?? 0),
    downloaded: swarm?.downloads.rate.total ?? 0,
    uploaded: swarm?.uploads.rate.total ?? 0,
    peers: swarm?.peers.length ?? 0,
    seeds: swarm?.peers.filter((peer) => peer.seed).length ?? 0,
    known: running?.peers.pool.size ?? 0,
    webseeds: swarm?.webseeds.serving ?? 0,
    eta: downRate > 0 && left > 0 ? Math.ceil(left / downRate) : null,
  };
}

/** How far the metadata of a magnet link is. */
export function searchEvent(
  torrent: string,
  fetch: MetadataFetch,
  { peers }: Contacts,
): EngineEvent {
  const { held, size } = fetch.state();
  return {
    type: "progress",
    torrent,
    state: "metadata",
    done: held,
    size,
    downRate: 0,
    upRate: 0,
    downloaded: 0,
    uploaded: 0,
    peers: fetch.peers.length,
    seeds: 0,
    known: peers.pool.size,
    webseeds: 0,
    eta: null,
  };
}

function stateOf(running: Running | null): TorrentState {
  if (running === null) return "checking";
  const { swarm, data } = running;
  // a stream is complete when its reader has all of it, and seeds nothing then
  if (data.reader === "behind" || (swarm.complete && data.reader === "busy")) return "slow-reader";
  return swarm.complete && data.lasting ? "seeding" : "downloading";
}
