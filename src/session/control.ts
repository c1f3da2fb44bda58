import { UsageError } from "../base/mod.ts";
import { proxyName } from "../proxy/mod.ts";
import type { FilePriorityChange } from "../metainfo/mod.ts";
import type { FileProgress, PieceOrder } from "./api.ts";
import type { SessionContext } from "./context.ts";
import type { PeerReport, SessionControl, SessionTotals, TorrentSnapshot } from "./control_api.ts";
import { peerReports } from "./snapshot.ts";
import type { Torrents } from "./torrents.ts";
import type { TrackerStatus } from "../tracker/mod.ts";
import type { Waiting } from "./why/waiting.ts";

/** Between two announces by hand, as most trackers ask. */
const MANUAL_MS = 60_000;

/** The session behind {@linkcode SessionControl}. */
export class Control implements SessionControl {
  readonly #context: SessionContext;
  readonly #torrents: Torrents;
  readonly #askedAt = new Map<string, number>();

  constructor(context: SessionContext, torrents: Torrents) {
    this.#context = context;
    this.#torrents = torrents;
  }

  /** How a torrent is. */
  snapshot(id: string): TorrentSnapshot | null {
    return this.#torrents.get(id)?.snapshot(this.#context.now()) ?? null;
  }

  /** Its connected peers. */
  peers(id: string): readonly PeerReport[] {
    const running = this.#torrents.get(id)?.running ?? null;
    return running === null ? [] : peerReports(running, this.#context.now());
  }

  /** Its trackers; times are on the session's clock, see {@linkcode now}. */
  trackers(id: string): readonly TrackerStatus[] {
    return this.#torrents.get(id)?.sources?.trackers.status() ?? [];
  }

  /** The session's clock, in milliseconds. */
  now(): number {
    return this.#context.now();
  }

  /** Why it waits, whether it does or not. */
  why(id: string): Waiting | null {
    return this.#torrents.get(id)?.why(this.#context.now()) ?? null;
  }

  /** Seconds until {@linkcode reannounce} asks trackers again; null: it has none. */
  manualAnnounce(id: string): number | null {
    const sources = this.#torrents.get(id)?.sources ?? null;
    if (sources === null || sources.trackers.empty) return null;
    const at = (this.#askedAt.get(id) ?? -Infinity) + MANUAL_MS;
    return Math.max(0, Math.ceil((at - this.#context.now()) / 1000));
  }

  /** Asks trackers and the DHT for peers now; at most once a minute. */
  reannounce(id: string): void {
    const sources = this.#torrents.get(id)?.sources ?? null;
    const now = this.#context.now();
    if (sources === null || (this.#askedAt.get(id) ?? -Infinity) + MANUAL_MS > now) return;
    this.#askedAt.set(id, now);
    this.#torrents.get(id)?.rouse();
    sources.trackers.hurry();
    sources.dht?.hurry();
  }

  /** Other trackers from here on, in tiers (BEP 12). */
  setTrackers(id: string, tiers: readonly (readonly string[])[]): void {
    const torrent = this.#torrents.get(id);
    torrent?.sources?.trackers.replace(tiers);
    torrent?.rouse();
  }

  files(id: string): readonly FileProgress[] | null {
    return this.#torrents.get(id)?.files?.progress() ?? null;
  }

  async setFilePriorities(id: string, changes: readonly FilePriorityChange[]): Promise<void> {
    const files = this.#torrents.get(id)?.files ?? null;
    if (files === null) throw new UsageError("Expected a torrent whose files are known");
    await files.setPriorities(changes);
  }

  setOrder(id: string, order: PieceOrder): void {
    this.#torrents.get(id)?.files?.setOrder(order);
  }

  /** Pieces that are here, in wire form; null: not known. */
  pieces(id: string): Uint8Array<ArrayBuffer> | null {
    return this.#torrents.get(id)?.running?.swarm.have.toWire() ?? null;
  }

  /** Of the bytes that are missing and wanted, those that connected peers or web servers have. */
  available(id: string): number {
    const running = this.#torrents.get(id)?.running ?? null;
    if (running === null || running.swarm.complete) return 0;
    const { swarm } = running;
    const { geometry, picker, peers, webseeds } = swarm;
    const all = peers.some((peer) => peer.seed);
    let bytes = 0;
    for (let piece = 0; piece < geometry.pieceCount; piece++) {
      if (!swarm.wants(piece)) continue;
      if (all || picker.availability(piece) > 0 || webseeds.serves(piece)) {
        bytes += geometry.pieceSize(piece);
      }
    }
    return bytes;
  }

  /** Ends a torrent within `graceMs` and forgets it; what it has stays on disk. */
  async remove(id: string, graceMs: number): Promise<void> {
    this.#askedAt.delete(id);
    await this.#torrents.remove(id, this.#context.now() + graceMs);
  }

  /** Figures of all torrents together. */
  totals(): SessionTotals {
    const { dht, port, options, doorway: { mapping }, arrivals: { outside, near } } = this.#context;
    let [peers, diskQueue] = [0, 0];
    for (const { running } of this.#torrents.values()) {
      if (running === null) continue;
      peers += running.swarm.peers.length;
      for (const { size } of running.swarm.verifying.values()) diskQueue += size;
    }
    const arrivals = { outside, near };
    return {
      peers,
      dht: dht !== null,
      dhtNodes: dht?.nodes ?? 0,
      diskQueue,
      port,
      mapping,
      proxy: options.proxy ? proxyName(options.proxy) : null,
      arrivals,
    };
  }
}
