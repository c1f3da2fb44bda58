import {
  type Bitfield,
  type Endpoint,
  messageOf,
  type Millis,
  type PieceIndex,
  StorageError,
  toHex,
} from "../base/mod.ts";
import { Geometry, type Metainfo } from "../metainfo/mod.ts";
import { DiskError, lockTorrent, type TorrentLock, type TorrentStore } from "../storage/mod.ts";
import type { Peer, Swarm } from "../swarm/mod.ts";
import type { Accepted, Handshake, PeerConnection } from "../wire/mod.ts";
import type { AddOptions, FailureReason, TorrentState } from "./api.ts";
import type { SessionContext } from "./context.ts";
import { reasonOf } from "./failure.ts";
import { bytesOf, openData } from "./open_data.ts";
import { assemble, type Running } from "./running.ts";
import { explainStall } from "./stall.ts";
import { within } from "./within.ts";

/** Fewer connected peers than this, and trackers are asked before their time. */
const ENOUGH_PEERS = 20;
/** Waiting for the disk at the end; what is not synced by then is hashed again at the next start. */
const MOST_SYNC_MS = 1000;
/** For a torrent that ended by itself to tell its trackers. */
const END_GRACE_MS = 3000;

type Phase =
  | { readonly name: "opening" }
  | { readonly name: "checking" }
  | ({ readonly name: "running" } & Running)
  /** Its end was reported: goal reached or failed. */
  | { readonly name: "ended"; readonly running: Running | null };

/** One torrent of a session, from its files on disk to its peers. */
export class Torrent {
  /** Info hash in hexadecimal. */
  readonly id: string;
  readonly #context: SessionContext;
  readonly #metainfo: Metainfo;
  readonly #options: AddOptions;
  readonly #geometry: Geometry;
  readonly #addedAt: Millis;
  readonly #abort = new AbortController();
  #phase: Phase = { name: "opening" };
  #disk: TorrentStore | null = null;
  #lock: TorrentLock | null = null;
  #doneBytes = 0;
  #nextProgress = 0;
  /** When a useful byte last came, or there was nothing to wait for. */
  #movedAt: Millis;
  #movedBytes = 0;
  #stallTold = false;
  #stopping: Promise<void> | null = null;
  #completedAt: Millis | null = null;
  #before = { downloaded: 0, uploaded: 0 };

  constructor(context: SessionContext, metainfo: Metainfo, options: AddOptions) {
    this.#context = context;
    this.#metainfo = metainfo;
    this.#options = options;
    this.#geometry = new Geometry(metainfo.totalLength, metainfo.pieceLength);
    this.id = toHex(metainfo.infoHash);
    this.#addedAt = this.#movedAt = context.now();
  }

  /** Takes the lock, finds out what is on disk and starts. Ends in `running` or in an `error` event; never rejects. */
  async start(): Promise<void> {
    const context = this.#context;
    const geometry = this.#geometry;
    try {
      this.#lock = this.#takeLock();
      const { disk, have, intent, before } = await openData({
        context,
        metainfo: this.#metainfo,
        options: this.#options,
        geometry,
        signal: this.#abort.signal,
        opened: (disk) => this.#disk = disk,
        checking: (checked, done, size) => {
          if (this.#phase.name === "opening") this.#phase = { name: "checking" };
          this.#doneBytes = done;
          context.emit({ type: "checking", torrent: this.id, checked, done, size });
        },
      });
      if (this.#phase.name === "ended") return;
      this.#before = before;
      this.#doneBytes = bytesOf(have, geometry);
      this.#run(disk, have, intent);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Nobody else may write this torrent. On read-only media nobody can, so it is served without a lock. */
  #takeLock(): TorrentLock | null {
    try {
      return lockTorrent(this.#context.options.folder, this.id);
    } catch (error) {
      const readOnly = error instanceof StorageError && error.reason === "permission";
      if (readOnly && this.#options.seedOnly) return null;
      throw error;
    }
  }

  /** A peer that connected to us asks for this torrent. */
  accept(theirs: Handshake, connection: PeerConnection, from: Endpoint): Accepted | null {
    return this.#phase.name === "running"
      ? this.#phase.peers.accept(theirs, connection, from)
      : null;
  }

  /** A connection that {@linkcode accept} took in has room again. */
  drained(connection: PeerConnection): void {
    if (this.#phase.name !== "running") return;
    const { swarm } = this.#phase;
    const peer = swarm.peers.find((peer) => peer.connection === connection);
    if (peer !== undefined) swarm.drained(peer, this.#context.now());
  }

  /** Adds addresses the user named. */
  addUserPeers(endpoints: readonly Endpoint[]): void {
    if (this.#phase.name === "running") this.#phase.peers.add(endpoints, "user");
  }

  /** Time passes. */
  tick(now: Millis): void {
    if (now >= this.#nextProgress) {
      this.#nextProgress = now + this.#context.options.progressInterval * 1000;
      this.#report(now);
    }
    if (this.#phase.name !== "running") return;
    const { swarm, peers, trackers, record } = this.#phase;
    swarm.tick(now);
    if (this.#context.options.uploadLimit > 0) swarm.serveAll(now);
    peers.tick(now);
    trackers.tick(
      now,
      !swarm.complete && swarm.peers.length < ENOUGH_PEERS && peers.pool.nextDeadline() > now,
    );
    record.tick(now, (error) => this.#fail(error));
    this.#watchStall(now, swarm);
    this.#watchGoal(now, swarm);
  }

  /** When {@linkcode tick} wants to be called. */
  nextDeadline(): number {
    const at = this.#nextProgress;
    if (this.#phase.name !== "running") return at;
    const { swarm, peers, trackers } = this.#phase;
    return Math.min(at, swarm.nextDeadline(), trackers.nextDeadline(), peers.nextDeadline());
  }

  /** Stops gently: peers are closed, trackers told, pieces recorded, the lock given back. Later calls wait for the first. */
  stop(deadline: number): Promise<void> {
    return this.#stopping ??= this.#stop(deadline);
  }

  async #stop(deadline: number): Promise<void> {
    const phase = this.#phase;
    this.#abort.abort();
    const running = phase.name === "running"
      ? phase
      : phase.name === "ended"
      ? phase.running
      : null;
    this.#phase = { name: "ended", running: null };
    if (running !== null) await this.#wind(running, deadline);
    await this.#disk?.close();
    this.#disk = null;
    this.#lock?.release();
    this.#lock = null;
  }

  #run(disk: TorrentStore, have: Bitfield, intent: Bitfield): void {
    const running = assemble({
      context: this.#context,
      metainfo: this.#metainfo,
      geometry: this.#geometry,
      disk,
      have,
      intent,
      left: () => this.#metainfo.totalLength - this.#doneBytes,
      failed: (error) => this.#fail(error),
      observer: {
        pieceDone: (piece) => this.#pieceDone(piece),
        peerJoined: (peer) => this.#peerJoined(peer),
        peerLeft: (peer, reason) => this.#peerLeft(peer, reason),
        peerBanned: (peer, reason) => this.#peerBanned(peer, reason),
      },
    });
    this.#phase = { name: "running", ...running };
    this.#movedAt = this.#context.now();
    if (running.swarm.complete) void this.#completed();
    this.#context.wake();
  }

  #pieceDone(piece: PieceIndex): void {
    this.#doneBytes += this.#geometry.pieceSize(piece);
    const { emit, options } = this.#context;
    if (options.verbose) emit({ type: "piece", torrent: this.id, piece, done: this.#doneBytes });
    if (this.#phase.name === "running" && this.#phase.swarm.complete) {
      this.#phase.trackers.complete();
      void this.#completed();
    }
  }

  /** Every piece is here: closes the files' books and says so. */
  async #completed(): Promise<void> {
    try {
      await this.#disk!.finish();
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#phase.name !== "running") return;
    const { emit, now, state } = this.#context;
    const { swarm } = this.#phase;
    state.saveCompleted(this.#metainfo.infoHash);
    this.#completedAt = now();
    this.#report(now());
    emit({
      type: "done",
      torrent: this.id,
      name: this.#options.name ?? this.#metainfo.name,
      size: this.#metainfo.totalLength,
      downloaded: swarm.downloads.rate.total,
      seconds: Math.round(now() - this.#addedAt) / 1000,
    });
    this.#watchGoal(now(), swarm);
  }

  #peerJoined(peer: Peer): void {
    this.#tellPeer(peer, "connected", null);
    if (this.#phase.name === "running") void this.#phase.peers.grantFast(peer);
  }

  #peerLeft(peer: Peer, reason: string): void {
    this.#tellPeer(peer, "disconnected", reason);
    if (this.#phase.name === "running") this.#phase.peers.left(peer);
  }

  #peerBanned(peer: Peer, reason: string): void {
    this.#tellPeer(peer, "banned", reason);
    if (this.#phase.name === "running") this.#phase.peers.ban(peer);
  }

  #tellPeer(
    peer: Peer,
    action: "connected" | "disconnected" | "banned",
    reason: string | null,
  ): void {
    if (!this.#context.options.verbose && action !== "banned") return;
    this.#context.emit({
      type: "peer",
      torrent: this.id,
      peer: peer.identity.key,
      action,
      client: peer.client,
      reason,
    });
  }

  /** Nothing runs for ever without a word. */
  #watchStall(now: Millis, swarm: Swarm): void {
    const { total } = swarm.downloads.rate;
    const useful = total - swarm.downloads.wasted;
    const waiting = swarm.verifying.size > 0 || this.#context.gate.holding;
    if (useful !== this.#movedBytes || swarm.complete || waiting) {
      this.#movedBytes = useful;
      this.#movedAt = now;
      this.#stallTold = false;
      return;
    }
    const { options: { stallTimeout }, emit } = this.#context;
    if (stallTimeout === 0) return;
    const silent = (now - this.#movedAt) / 1000;
    if (silent >= stallTimeout) {
      this.#end(
        "stalled",
        `No data for ${stallTimeout} s: ${this.why()}`,
        null,
        null,
      );
    } else if (silent >= stallTimeout / 2 && !this.#stallTold) {
      this.#stallTold = true;
      const message = `No data for ${Math.round(silent)} s: ${this.why()}`;
      emit({ type: "warning", torrent: this.id, message });
    }
  }

  /** Why nothing comes. */
  why(): string {
    if (this.#phase.name !== "running") return "the torrent does not run";
    const { swarm, peers, trackers } = this.#phase;
    return explainStall({
      trackers: trackers.status(),
      known: peers.pool.size,
      connected: swarm.peers.length,
      choking: swarm.peers.filter((peer) => peer.choking).length,
      useful: swarm.peers.filter((peer) => peer.useful > 0).length,
      lastFailure: peers.lastFailure,
    });
  }

  /** Ends seeding when the goal is reached. */
  #watchGoal(now: Millis, swarm: Swarm): void {
    if (this.#completedAt === null || this.#phase.name !== "running") return;
    const { seed } = this.#options;
    const uploaded = swarm.uploads.rate.total;
    const reached = seed === null ||
      (seed.minutes !== null && now - this.#completedAt >= seed.minutes * 60_000) ||
      (seed.ratio !== null && uploaded >= seed.ratio * this.#metainfo.totalLength);
    if (!reached) return;
    this.#phase = { name: "ended", running: this.#phase };
    this.#context.emit({ type: "finished", torrent: this.id, uploaded });
    this.#windDown();
  }

  #report(now: Millis): void {
    const phase = this.#phase;
    if (phase.name === "opening" || phase.name === "ended") return;
    const size = this.#metainfo.totalLength;
    const running = phase.name === "running" ? phase : null;
    const swarm = running?.swarm ?? null;
    const downRate = Math.round(swarm?.downloads.rate.rate(now) ?? 0);
    const left = size - this.#doneBytes;
    const state: TorrentState = swarm === null
      ? "checking"
      : swarm.complete
      ? "seeding"
      : "downloading";
    this.#context.emit({
      type: "progress",
      torrent: this.id,
      state,
      done: this.#doneBytes,
      size,
      downRate,
      upRate: Math.round(swarm?.uploads.rate.rate(now) ?? 0),
      downloaded: swarm?.downloads.rate.total ?? 0,
      uploaded: swarm?.uploads.rate.total ?? 0,
      peers: swarm?.peers.length ?? 0,
      seeds: swarm?.peers.filter((peer) => peer.seed).length ?? 0,
      known: running?.peers.pool.size ?? 0,
      eta: downRate > 0 && left > 0 ? Math.ceil(left / downRate) : null,
    });
  }

  /** Our side failed: the torrent pauses, what it has stays. */
  #fail(error: unknown): void {
    const missing = error instanceof DiskError ? error.missing : null;
    const path = error instanceof StorageError ? error.path : null;
    this.#end(reasonOf(error), messageOf(error), path, missing);
  }

  #end(reason: FailureReason, message: string, path: string | null, missing: number | null): void {
    if (this.#phase.name === "ended") return;
    const running = this.#phase.name === "running" ? this.#phase : null;
    this.#phase = { name: "ended", running };
    running?.swarm.close("The torrent stopped");
    this.#context.emit({ type: "error", torrent: this.id, reason, message, path, missing });
    this.#windDown();
  }

  /** It has ended by itself: what it holds is given back while other torrents go on. */
  #windDown(): void {
    const { now, emit } = this.#context;
    this.stop(now() + END_GRACE_MS).catch((error) => {
      emit({ type: "warning", torrent: this.id, message: messageOf(error) });
    });
  }

  /** Winds a running torrent down: everything is told and recorded, or the deadline passes. */
  async #wind(running: Running, deadline: number): Promise<void> {
    const { swarm, store, record, peers, trackers } = running;
    const { state, now } = this.#context;
    const told = trackers.stop(deadline);
    peers.close();
    swarm.close("The torrent stopped");
    await within(store.idle(), deadline - now());
    await within(record.flush(), Math.min(MOST_SYNC_MS, deadline - now()));
    record.settle();
    const { downloaded, uploaded } = this.#before;
    const { infoHash } = this.#metainfo;
    state.saveCounters(
      infoHash,
      downloaded + swarm.downloads.rate.total,
      uploaded + swarm.uploads.rate.total,
    );
    await told;
  }
}
