import { messageOf } from "../base/mod.ts";
import type { EngineEvent, TorrentSnapshot } from "../session/mod.ts";
import type { ManagerState } from "../storage/mod.ts";
import type { Book } from "./book.ts";
import { type OverBudget, overBudget, parseUsage, remaining, type Usage, used } from "./budget.ts";
import type { Entry } from "./entry.ts";
import { changesOf } from "./file_wishes.ts";
import { known } from "./intake.ts";
import type { Library } from "./library.ts";
import { sessionLimits } from "./limits.ts";
import type { ManagedDisk, ManagerClock } from "./parts.ts";
import { keepSeconds, type Moment, observe, seededEnough, spent } from "./pulse.ts";
import { chooseRunning } from "./queue.ts";
import type { ManagedSession, Runner } from "./runner.ts";
import type { SessionSettings } from "./settings.ts";
import { SpaceWatch } from "./space_watch.ts";
import type { Statistics } from "./statistics.ts";

/** When torrents are looked at. */
const BEAT_MS = 1000;
/** Statistics and what was transferred are kept this often while nothing else changes. */
const KEEP_MS = 10_000;
const USAGE = "usage";

/** What the heart works on; the session and the settings may be others each time. */
export interface Body {
  readonly book: Book;
  readonly runner: Runner;
  readonly library: Library;
  readonly statistics: Statistics;
  readonly kept: ManagerState;
  readonly clock: ManagerClock;
  readonly settings: () => SessionSettings;
  readonly session: () => ManagedSession;
  readonly disk: () => ManagedDisk;
  readonly emit: (event: EngineEvent) => void;
  /** Hears each beat. */
  readonly beat: () => void;
}

/** Beats once a second: looks at what runs, decides what should, and keeps what changed. */
export class Heart {
  readonly #body: Body;
  readonly #space: SpaceWatch;
  #usage: Usage;
  #keptUsage = "";
  #last: number;
  #keptAt = 0;
  #cancel: (() => void) | null = null;
  #limits = "";
  #stopped = true;

  constructor(body: Body) {
    this.#body = body;
    this.#space = new SpaceWatch({ ...body, entries: () => body.book.all() });
    this.#last = body.clock.now();
    this.#usage = parseUsage(body.kept.get(USAGE));
  }

  /** Begins to beat. */
  start(): void {
    this.#stopped = false;
    this.beat();
  }

  /** Beats no more, and starts and stops nothing; what is known is kept. Safe to call twice. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#stopped) return;
    this.#look();
    this.#stopped = true;
    this.keep();
  }

  /** Bytes that the transfer budget leaves. */
  get left(): number {
    const { settings, clock } = this.#body;
    return remaining(this.#usage, settings(), clock.date());
  }

  /** Why a download may have nothing more; null: it may. */
  overBudget(entry: Entry): OverBudget | null {
    const { settings, clock } = this.#body;
    return overBudget(entry, used(this.#usage, 0, clock.date()), settings());
  }

  /** Something was changed that everything may depend on: looks at all of it now. */
  hurry(): void {
    this.#space.hurry();
    this.beat();
  }

  /** Looks at everything now, and again in a second. */
  beat(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#stopped) return;
    try {
      this.#look();
      this.#body.beat();
      this.#space.look(this.#body.clock.now());
      this.decide();
      this.#body.book.save();
    } finally {
      this.#cancel = this.#body.clock.after(BEAT_MS, () => this.beat());
    }
  }

  /** Looks at a torrent between beats, for somebody who asks and before it goes. */
  refresh(entry: Entry): void {
    const { clock, session } = this.#body;
    const moment = { now: clock.now(), date: clock.date().getTime(), seconds: 0 };
    this.#observe(entry, session().control.snapshot(entry.hash), moment);
  }

  /** Starts and stops torrents so that those run that should. */
  decide(): void {
    if (this.#stopped) return;
    const { book, runner, settings } = this.#body;
    const { downloadQueueEnabled, downloadQueueSize, seedQueueEnabled, seedQueueSize } = settings();
    const queued = book.queued();
    const running = chooseRunning(
      queued.map((entry) => ({
        hash: entry.hash,
        goal: entry.record.goal,
        complete: entry.record.complete,
        stalled: entry.stalled,
        blocked: entry.record.trouble !== null || entry.kept || spent(entry),
      })),
      {
        downloads: downloadQueueEnabled ? downloadQueueSize : null,
        seeds: seedQueueEnabled ? seedQueueSize : null,
        mayDownload: this.left > 0,
      },
    );
    for (const entry of queued) {
      const runs = running.has(entry.hash);
      const { check, trouble } = entry.record;
      const wanted = runs || (check && trouble === null && !entry.kept);
      if (entry.run === "out" && wanted) void runner.start(entry, !runs);
      if (entry.run !== "in") continue;
      // to be hashed it begins anew
      if (!wanted || (check && !entry.checking)) void runner.stop(entry);
    }
    this.applyLimits();
  }

  /** Limits as the hour and the budget want them. */
  applyLimits(): void {
    const { settings, session, clock } = this.#body;
    const { budget, ...limits } = sessionLimits(settings(), clock.date(), this.left);
    const key = `${Object.values(limits).join(" ")} ${budget < Infinity}`;
    // the session counts the budget down by itself; what it has left is what we have
    if (key !== this.#limits) session().setLimits(null, { ...limits, budget });
    else if (budget < Infinity) session().setLimits(null, { budget });
    this.#limits = key;
  }

  /** The session is a new one: it knows no limits. */
  renewed(): void {
    this.#limits = "";
  }

  /** An event of the session. */
  hear(event: EngineEvent): void {
    const { book, clock } = this.#body;
    const entry = "torrent" in event && event.torrent !== null
      ? book.get(event.torrent)
      : undefined;
    if (entry === undefined) return;
    entry.changedAt = clock.now();
    switch (event.type) {
      case "tracker": {
        const { fault, message } = event;
        entry.tracker = message === null ? null : { fault, message };
        return;
      }
      case "done": {
        const doneAt = entry.record.doneAt ?? clock.date().getTime();
        // goals count from here on
        entry.movedAt = clock.now();
        return entry.set({ complete: true, doneAt });
      }
      case "checked": {
        const { done, size } = event;
        entry.set({ check: false, done, wanted: size, valid: done, complete: done === size });
        return void this.#body.runner.stop(entry);
      }
      case "error": {
        const { reason, message, path, missing } = event;
        this.refresh(entry);
        // it waits for more of the budget, and nobody need mend anything
        if (reason !== "budget") entry.set({ trouble: { reason, message, path, missing } });
        return void this.#body.runner.stop(entry);
      }
    }
  }

  /** Keeps everything that is known now. */
  keep(): void {
    const { book } = this.#body;
    for (const entry of book.all()) keepSeconds(entry);
    book.save();
    this.#keepTotals();
  }

  #keepTotals(): void {
    const { statistics } = this.#body;
    statistics.save();
    this.#keepUsage();
  }

  #keepUsage(): void {
    const usage = JSON.stringify(this.#usage);
    if (usage !== this.#keptUsage) this.#body.kept.set(USAGE, usage);
    this.#keptUsage = usage;
  }

  #look(): void {
    const { book, clock, session, statistics } = this.#body;
    const { control } = session();
    const now = clock.now();
    const date = clock.date();
    const moment = { now, date: date.getTime(), seconds: (now - this.#last) / 1000 };
    this.#last = now;
    for (const entry of book.all()) {
      this.#observe(entry, control.snapshot(entry.hash), moment);
      if (entry.run === "in" && entry.snapshot?.phase === "running") this.#progress(entry);
    }
    statistics.add({ active: moment.seconds });
    // a budget that a kill makes forgotten is none
    if (this.left < Infinity) this.#keepUsage();
    if (now - this.#keptAt < KEEP_MS) return;
    this.#keptAt = now;
    this.#keepTotals();
  }

  /** Takes in how a torrent is now, and what it has transferred since the last time. */
  #observe(entry: Entry, snapshot: TorrentSnapshot | null, moment: Moment): void {
    const { run } = entry;
    if ((run !== "in" && run !== "stopping") || snapshot === null) return;
    const { settings, statistics, clock } = this.#body;
    const uploaded = snapshot.uploaded - entry.counted.uploaded;
    const downloaded = observe(entry, snapshot, settings(), moment);
    if (entry.record.magnet !== null && snapshot.phase === "running") void this.#learn(entry);
    if (downloaded + uploaded === 0) return;
    this.#usage = used(this.#usage, downloaded, clock.date());
    statistics.add({ downloaded, uploaded });
  }

  #progress(entry: Entry): void {
    const { settings, clock } = this.#body;
    entry.complaint = null;
    // it was hashed in this run; one that is to be hashed anew goes first
    if (entry.record.check && entry.checking) {
      entry.checking = false;
      entry.set({ check: false });
    }
    if (entry.record.pendingFiles.length > 0) this.#settleFiles(entry);
    if (!seededEnough(entry, settings(), clock.now())) return;
    entry.set({ goal: "stop", finished: true });
    entry.changedAt = clock.now();
    const { hash, record: { uploaded } } = entry;
    this.#body.emit({ type: "finished", torrent: hash, uploaded });
  }

  /** What a link stood for, once its metadata is here; what of it is wanted the session has said already. */
  async #learn(entry: Entry): Promise<void> {
    const metainfo = await this.#body.library.get(entry.infoHash, entry.hash);
    if (metainfo === null || entry.removed || entry.record.magnet === null) return;
    const { wanted, renames } = entry.record;
    entry.changedAt = this.#body.clock.now();
    entry.set({ ...known(metainfo, renames), wanted });
  }

  /** What was wished of files before the session knew them. */
  #settleFiles(entry: Entry): void {
    const { library, session } = this.#body;
    const patches = entry.record.pendingFiles;
    entry.set({ pendingFiles: [] });
    void library.get(entry.infoHash, entry.hash).then(async (metainfo) => {
      const changes = changesOf(metainfo?.files ?? null, patches);
      await session().control.setFilePriorities(entry.hash, changes);
    }).catch((error) => {
      const { hash: torrent } = entry;
      this.#body.emit({ type: "warning", torrent, message: messageOf(error) });
    });
  }
}
