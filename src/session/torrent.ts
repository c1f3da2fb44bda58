import {
  type Endpoint,
  messageOf,
  type Millis,
  type PieceIndex,
  StorageError,
  toHex,
} from "../base/mod.ts";
import { Geometry, type Metainfo } from "../metainfo/mod.ts";
import { DiskError } from "../storage/mod.ts";
import type { Swarm } from "../swarm/mod.ts";
import type { Accepted, Handshake, PeerConnection } from "../wire/mod.ts";
import type { AddOptions, FailureReason } from "./api.ts";
import type { SessionContext } from "./context.ts";
import { reasonOf } from "./failure.ts";
import { bytesOf } from "./open_data.ts";
import { progressEvent } from "./progress.ts";
import { assemble, type Running } from "./running.ts";
import { goalReached } from "./seed_goal.ts";
import { explainStall } from "./stall.ts";
import { stallFacts } from "./stall_facts.ts";
import { StallWatch } from "./stall_watch.ts";
import type { OpenedData, TorrentData } from "./torrent_data.ts";
import { windDown } from "./wind_down.ts";

/** Fewer connected peers than this, and trackers are asked before their time. */
const ENOUGH_PEERS = 20;
/** For a torrent that ended by itself to tell its trackers; a stream's reader waits for the end of it meanwhile. */
const END_GRACE_MS = 3000;
const STREAM_END_GRACE_MS = 1000;

type Phase =
  | { readonly name: "opening" }
  | { readonly name: "checking" }
  | ({ readonly name: "running" } & Running)
  /** Its end was reported: goal reached or failed. */
  | { readonly name: "ended"; readonly running: Running | null };

/** One torrent of a session, from its data to its peers. */
export class Torrent {
  /** Info hash in hexadecimal. */
  readonly id: string;
  readonly #context: SessionContext;
  readonly #metainfo: Metainfo;
  readonly #options: AddOptions;
  readonly #geometry: Geometry;
  readonly #addedAt: Millis;
  readonly #data: TorrentData;
  readonly #abort = new AbortController();
  #phase: Phase = { name: "opening" };
  #doneBytes = 0;
  #nextProgress = 0;
  readonly #stall: StallWatch;
  #stopping: Promise<void> | null = null;
  #completedAt: Millis | null = null;
  #before: OpenedData["before"] = { downloaded: 0, uploaded: 0 };

  constructor(context: SessionContext, metainfo: Metainfo, options: AddOptions) {
    this.#context = context;
    this.#metainfo = metainfo;
    this.#options = options;
    this.#geometry = new Geometry(metainfo.totalLength, metainfo.pieceLength);
    this.#data = context.place.of(metainfo, this.#geometry, options);
    this.id = toHex(metainfo.infoHash);
    this.#addedAt = context.now();
    this.#stall = new StallWatch(context.options.stallTimeout, this.#addedAt);
  }

  /** Finds out what is there and starts. Ends in `running` or in an `error` event; never rejects. */
  async start(): Promise<void> {
    const { emit } = this.#context;
    try {
      const opened = await this.#data.open(this.#abort.signal, (checked, done, size) => {
        if (this.#phase.name === "opening") this.#phase = { name: "checking" };
        this.#doneBytes = done;
        emit({ type: "checking", torrent: this.id, checked, done, size });
      });
      if (this.#phase.name !== "ended") this.#run(opened);
    } catch (error) {
      this.#fail(error);
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
    const { swarm, data, peers, trackers } = this.#phase;
    swarm.tick(now);
    if (this.#context.options.uploadLimit > 0) swarm.serveAll(now);
    peers.tick(now);
    trackers.tick(
      now,
      !swarm.complete && swarm.peers.length < ENOUGH_PEERS && peers.pool.nextDeadline() > now,
    );
    data.tick(now);
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
    if (running !== null) await windDown(running, this.#before, deadline);
    await this.#data.close();
  }

  #run({ have, before }: OpenedData): void {
    this.#before = before;
    this.#doneBytes = bytesOf(have, this.#geometry);
    const running = assemble({
      context: this.#context,
      metainfo: this.#metainfo,
      geometry: this.#geometry,
      data: this.#data,
      sequential: this.#options.sequential ?? false,
      have,
      left: () => this.#metainfo.totalLength - this.#doneBytes,
      failed: (error) => this.#fail(error),
      pieceDone: (piece) => this.#pieceDone(piece),
    });
    this.#phase = { name: "running", ...running };
    this.#stall.restart(this.#context.now());
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

  /** Every piece is here: sees it where it belongs and says so. */
  async #completed(): Promise<void> {
    try {
      await this.#data.finish();
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#phase.name !== "running") return;
    const { emit, now } = this.#context;
    const { swarm } = this.#phase;
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

  /** Nothing runs for ever without a word. */
  #watchStall(now: Millis, swarm: Swarm): void {
    const { downloads: { rate, wasted }, complete, verifying } = swarm;
    const excused = complete || verifying.size > 0 || this.#context.gate.holding ||
      this.#data.reader !== "taking";
    const news = this.#stall.look(now, rate.total - wasted, excused);
    if (news === null) return;
    const message = `No data for ${news.seconds} s: ${this.why()}`;
    if (news.type === "end") this.#end("stalled", message, null, null);
    else this.#context.emit({ type: "warning", torrent: this.id, message });
  }

  /** Why nothing comes. */
  why(): string {
    if (this.#phase.name !== "running") return "the torrent does not run";
    return explainStall(stallFacts(this.#phase));
  }

  /** Ends seeding when the goal is reached. */
  #watchGoal(now: Millis, swarm: Swarm): void {
    if (this.#completedAt === null || this.#phase.name !== "running") return;
    const uploaded = swarm.uploads.rate.total;
    const size = this.#metainfo.totalLength;
    const passed = { completedAt: this.#completedAt, now, uploaded, size };
    if (!goalReached(this.#options.seed, passed)) return;
    this.#phase = { name: "ended", running: this.#phase };
    this.#context.emit({ type: "finished", torrent: this.id, uploaded });
    this.#windDown();
  }

  #report(now: Millis): void {
    const phase = this.#phase;
    if (phase.name === "opening" || phase.name === "ended") return;
    this.#context.emit(progressEvent({
      torrent: this.id,
      done: this.#doneBytes,
      size: this.#metainfo.totalLength,
      running: phase.name === "running" ? phase : null,
    }, now));
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
    const grace = this.#data.lasting ? END_GRACE_MS : STREAM_END_GRACE_MS;
    this.stop(now() + grace).catch((error) => {
      emit({ type: "warning", torrent: this.id, message: messageOf(error) });
    });
  }
}
