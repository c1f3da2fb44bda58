import { type Endpoint, messageOf, type Millis, type PieceIndex, toHex } from "../base/mod.ts";
import { filePriorities, type Geometry, geometryOf, type Metainfo } from "../metainfo/mod.ts";
import type { Swarm } from "../swarm/mod.ts";
import type { Accepted, Handshake, PeerConnection } from "../wire/mod.ts";
import type { AddOptions, EngineEvent } from "./api.ts";
import type { Contacts } from "./contacts.ts";
import type { SessionContext } from "./context.ts";
import { FileChanges } from "./file_changes.ts";
import { failureOf } from "./failure.ts";
import type { MagnetSearch } from "./magnet_search.ts";
import { addedEvent, progressEvent } from "./progress.ts";
import { assemble, deadlineOf, restOf, type Running, tickRunning } from "./running.ts";
import { goalReached } from "./seed_goal.ts";
import type { SessionTorrent } from "./session_torrent.ts";
import type { TorrentShares } from "./shares.ts";
import type { OpenedData, TorrentData } from "./torrent_data.ts";
import { TorrentChoice } from "./torrent_choice.ts";
import { otherIdOf, spokenHashes } from "./torrent_hashes.ts";
import type { TorrentPeers } from "./torrent_peers.ts";
import { addUserPeers } from "./user_peers.ts";
import type { Stalled } from "./wait_report.ts";
import type { TorrentSnapshot } from "./control_api.ts";
import { movedBy, NOTHING_MOVED, snapshotOf } from "./snapshot.ts";
import { Waits } from "./waits.ts";
import { explain } from "./why/explain.ts";
import { gather } from "./why/gather.ts";
import type { Waiting } from "./why/waiting.ts";
import { quiet, windDown } from "./wind_down.ts";

/** For a torrent that ended by itself to tell its trackers; a stream's reader waits for the end of it meanwhile. */
const END_GRACE_MS = 3000;
const STREAM_END_GRACE_MS = 1000;

/** What becomes of the rest when the budget is used up. */
const USED_UP = "The transfer budget is used up; raise --max-total and start again to go on";

type Phase =
  | { readonly name: "opening" }
  | { readonly name: "checking" }
  | ({ readonly name: "running" } & Running)
  /** Its end was reported: goal reached or failed. */
  | { readonly name: "ended"; readonly running: Running | null };

/** One torrent of a session, from its data to its peers. */
export class Torrent implements SessionTorrent {
  readonly id: string;
  readonly otherId: string | null;
  readonly shares: TorrentShares;
  restsUntil = 0;
  readonly #context: SessionContext;
  readonly #metainfo: Metainfo;
  readonly #options: AddOptions;
  readonly #geometry: Geometry;
  readonly #addedAt: Millis;
  readonly #data: TorrentData;
  readonly #abort = new AbortController();
  /** Who found its metadata and keeps the peers until it runs. */
  #search: MagnetSearch | null;
  readonly files: FileChanges;
  readonly #choice: TorrentChoice;
  #phase: Phase = { name: "opening" };
  #checkedBytes = 0;
  #checkingSize = 0;
  #nextProgress = 0;
  readonly #waits: Waits;
  #stopping: Promise<void> | null = null;
  #completedAt: Millis | null = null;
  readonly #opened = Promise.withResolvers<void>();
  #moved = NOTHING_MOVED;
  #before: OpenedData["before"] = { downloaded: 0, uploaded: 0 };

  /** `search`: what of a magnet link led here, null for none. */
  constructor(
    context: SessionContext,
    metainfo: Metainfo,
    options: AddOptions,
    search: MagnetSearch | null = null,
  ) {
    this.#context = context;
    this.#metainfo = metainfo;
    this.#options = options;
    this.#geometry = geometryOf(metainfo);
    const { files, infoHash } = metainfo;
    const { firstLast = false, keepPriorities = false } = options;
    const kept = keepPriorities ? context.place.keptPriorities(infoHash, files.length) : null;
    const priorities = filePriorities(files, options, kept);
    this.#choice = new TorrentChoice(metainfo, this.#geometry, priorities, firstLast);
    this.#search = search;
    this.shares = search?.shares ?? context.shares.torrent(options);
    const pending = (delta: number) => this.shares.reads.pending(delta);
    this.#data = context.place.of(metainfo, this.#geometry, this.#choice.current, options, pending);
    this.files = new FileChanges({
      files,
      choice: this.#choice,
      data: this.#data,
      opened: this.#opened.promise,
      swarm: () => this.running?.swarm ?? null,
      now: context.now,
      changed: (swarm) => this.#choiceChanged(swarm),
    }, options.sequential ?? false);
    this.id = toHex(metainfo.infoHash);
    this.otherId = otherIdOf(spokenHashes(metainfo));
    this.#addedAt = context.now();
    this.#waits = new Waits(context, this.shares, this.id);
  }

  /** What its front end hears first. */
  added(): EngineEvent {
    return addedEvent(this.#metainfo, this.#choice.current, this.#options);
  }

  /** Finds out what is there and starts. Ends in `running` or in an `error` event; never rejects. */
  async start(): Promise<void> {
    const { emit } = this.#context;
    try {
      const opened = await this.#data.open(this.#abort.signal, (checked, done, size) => {
        if (this.#phase.name === "opening") this.#phase = { name: "checking" };
        this.#choice.found(done);
        this.#checkedBytes = checked;
        this.#checkingSize = size;
        emit({ type: "checking", torrent: this.id, checked, done, size });
      });
      if (this.#phase.name === "ended") return;
      if (this.#options.checkOnly) this.#checked(opened);
      else this.#run(opened);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#opened.resolve();
    }
  }

  /** A peer that connected to us asks for this torrent. */
  accept(theirs: Handshake, connection: PeerConnection, from: Endpoint): Accepted | null {
    this.rouse();
    const peers = this.#peers;
    return peers === null ? null : peers.accept(theirs, connection, from);
  }

  /** Adds addresses the user named. */
  addUserPeers(endpoints: readonly Endpoint[]): void {
    const peers = this.#peers;
    if (peers !== null) addUserPeers(this.#context, this.id, peers, endpoints);
  }

  /** Where peers are, as long as there is use for any. */
  get #peers(): TorrentPeers | null {
    return this.#phase.name === "running"
      ? this.#phase.peers
      : this.#search?.contacts.peers ?? null;
  }

  /** Time passes. */
  tick(now: Millis): void {
    if (now >= this.#nextProgress) {
      this.#nextProgress = now + this.#context.options.progressInterval * 1000;
      this.#report(now);
    }
    if (this.#phase.name === "opening" || this.#phase.name === "checking") {
      this.#search?.keep(now);
      return this.#waits.checking(now, this.#checkedBytes);
    }
    if (this.#phase.name !== "running") return;
    if (this.shares.budget.left <= 0) this.#usedUp();
    if (this.#phase.name !== "running") return;
    tickRunning(this.#phase, now);
    const stalled = this.#waits.running(now, this.#phase, this.#choice.done);
    if (stalled !== null) return this.#stalled(stalled);
    this.#watchGoal(now, this.#phase.swarm);
    if (this.#phase.name !== "running") return;
    this.restsUntil = Math.min(restOf(this.#phase, now), this.#nextProgress);
  }

  rouse(): void {
    this.restsUntil = 0;
  }

  /** Dials one peer, if there is use for one and room; false: none. */
  dialNext(now: Millis): boolean {
    return this.#peers?.dialNext(now) ?? false;
  }

  /** When {@linkcode tick} wants to be called. */
  nextDeadline(): number {
    const at = this.#nextProgress;
    if (this.#phase.name !== "running") {
      return Math.min(at, this.#search?.nextDeadline() ?? Infinity);
    }
    return Math.min(at, deadlineOf(this.#phase));
  }

  get running(): Running | null {
    return this.#phase.name === "running" ? this.#phase : null;
  }

  get sources(): Pick<Contacts, "peers" | "trackers" | "dht"> | null {
    return this.running ?? this.#search?.contacts ?? null;
  }

  snapshot(now: Millis): TorrentSnapshot {
    return snapshotOf({
      phase: this.#phase.name,
      running: this.running,
      size: this.#choice.size,
      done: this.#choice.done,
      rest: this.#choice.rest,
      checked: this.#checkedBytes / Math.max(1, this.#checkingSize),
      moved: this.#moved,
    }, now);
  }

  why(now: Millis): Waiting {
    return explain(gather(this.#context, this.shares, this.running, 0, now));
  }

  /** Stops gently: peers are closed, trackers told, pieces recorded, the lock given back. Later calls wait for the first. */
  stop(deadline: number): Promise<void> {
    return this.#stopping ??= this.#stop(deadline);
  }

  async #stop(deadline: number): Promise<void> {
    const phase = this.#phase;
    this.#abort.abort();
    const running = phase.name === "ended" ? phase.running : this.running;
    this.#leave(running);
    this.#phase = { name: "ended", running: null };
    const search = this.#search;
    this.#search = null;
    if (search !== null) await search.close(deadline);
    if (running !== null) await windDown(running, this.#before, deadline);
    await this.#data.close();
    this.shares.leave();
  }

  /** Says what is there, and is over. */
  #checked(opened: OpenedData): void {
    this.#take(opened);
    this.#phase = { name: "ended", running: null };
    const [done, size] = [this.#choice.done, this.#choice.size];
    this.#context.emit({ type: "checked", torrent: this.id, done, size });
    this.#windDown();
  }

  #take({ have, before }: OpenedData): void {
    this.#before = before;
    this.#choice.count(have);
  }

  #run(opened: OpenedData): void {
    const { have } = opened;
    this.#take(opened);
    const running = assemble({
      context: this.#context,
      shares: this.shares,
      metainfo: this.#metainfo,
      geometry: this.#geometry,
      data: this.#data,
      contacts: this.#search?.contacts ?? null,
      ranks: this.#choice.ranks,
      sequential: this.files.sequential,
      superSeed: this.#options.superSeed ?? false,
      webseeds: this.#options.webseeds ?? [],
      trackers: this.#options.trackers ?? this.#metainfo.trackers,
      have,
      left: () => this.#choice.left,
      failed: (error) => this.#fail(error),
      pieceDone: (piece) => this.#pieceDone(piece),
    });
    this.#phase = { name: "running", ...running };
    this.#search?.handOver(running.swarm);
    this.#search = null;
    this.#waits.restart(this.#context.now());
    running.swarm.webseeds.ask(this.#context.now());
    // not while a block is being taken in
    this.shares.budget.usedUp = () => queueMicrotask(() => this.#usedUp());
    if (running.swarm.complete) void this.#completed();
    this.#context.wake();
  }

  #pieceDone(piece: PieceIndex): void {
    this.#choice.came(piece);
    const { emit, options } = this.#context;
    if (options.verbose) emit({ type: "piece", torrent: this.id, piece, done: this.#choice.done });
    if (this.#phase.name === "running" && this.#phase.swarm.complete) {
      // they count those who have all of it
      if (this.#phase.swarm.have.full) this.#phase.trackers.complete();
      void this.#completed();
    }
  }

  /** Other files are wanted: it may be complete by that, or be so no longer. */
  #choiceChanged(swarm: Swarm): void {
    this.rouse();
    if (swarm.complete) void this.#completed();
    else {
      const now = this.#context.now();
      this.#completedAt = null;
      this.#waits.restart(now);
      this.running?.peers.pool.again(now);
    }
    this.#context.wake();
  }

  /** Every piece is here: sees it where it belongs and, unless that is said already, says so. */
  async #completed(): Promise<void> {
    try {
      await this.#data.finish();
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#phase.name !== "running" || this.#completedAt !== null) return;
    const { emit, now } = this.#context;
    const { swarm } = this.#phase;
    // files may have been chosen meanwhile
    if (!swarm.complete) return;
    swarm.paused = false;
    this.#completedAt = now();
    this.#waits.restart(now());
    this.#report(now());
    emit({
      type: "done",
      torrent: this.id,
      name: this.#options.name ?? this.#metainfo.name,
      size: this.#choice.size,
      downloaded: swarm.downloads.rate.total,
      seconds: Math.round(now() - this.#addedAt) / 1000,
    });
    this.#watchGoal(now(), swarm);
  }

  /** Ends seeding when the goal is reached. */
  #watchGoal(now: Millis, swarm: Swarm): void {
    if (this.#completedAt === null || this.#phase.name !== "running") return;
    const uploaded = swarm.uploads.rate.total;
    const size = this.#choice.size;
    const passed = { completedAt: this.#completedAt, now, uploaded, size };
    if (!goalReached(this.#options.seed, passed)) return;
    this.#leave(this.#phase);
    this.#context.emit({ type: "finished", torrent: this.id, uploaded });
    this.#windDown();
  }

  #report(now: Millis): void {
    const phase = this.#phase;
    if (phase.name === "opening" || phase.name === "ended") return;
    this.#context.emit(progressEvent({
      torrent: this.id,
      done: this.#choice.done,
      size: this.#choice.size,
      running: phase.name === "running" ? phase : null,
    }, now));
  }

  /** Our side failed: the torrent pauses, what it has stays. */
  #fail(error: unknown): void {
    this.#end(failureOf(error));
  }

  /** Nothing more may come. What is here goes to the disk, which may complete it; otherwise that is the end. */
  #usedUp(): void {
    if (this.#phase.name !== "running" || this.#phase.swarm.complete) return;
    const { swarm } = this.#phase;
    if (!swarm.paused) quiet(swarm, "The transfer budget is used up");
    if (swarm.verifying.size > 0) return this.#context.wake();
    this.#end({ reason: "budget", message: USED_UP, path: null, missing: null });
  }

  /** It runs no more; what it moved is remembered. */
  #leave(running: Running | null): void {
    this.#phase = { name: "ended", running };
    if (running !== null) this.#moved = movedBy(running.swarm);
  }

  /** Nothing came for too long. */
  #stalled(stalled: Stalled): void {
    this.#end({ reason: "stalled", path: null, missing: null, ...stalled });
  }

  #end(failure: Omit<Extract<EngineEvent, { type: "error" }>, "type" | "torrent">): void {
    if (this.#phase.name === "ended") return;
    const { running } = this;
    this.#leave(running);
    running?.swarm.close("The torrent stopped");
    this.#context.emit({ type: "error", torrent: this.id, ...failure });
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
