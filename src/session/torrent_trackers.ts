import { type Endpoint, type InfoHash, messageOf, type Millis, toHex } from "../base/mod.ts";
import {
  type Announce,
  Announcer,
  type AnnouncerOptions,
  trackerFault,
  type TrackerStatus,
} from "../tracker/mod.ts";
import type { TrackerAnswer } from "../net/mod.ts";
import type { SessionContext } from "./context.ts";
import type { TorrentPeers } from "./torrent_peers.ts";
import { within } from "./within.ts";

/** Carries out what the announcer of one torrent wants, and brings home peers. */
export class TorrentTrackers {
  readonly #context: SessionContext;
  readonly #torrent: string;
  readonly #announcer: Announcer;
  /** Asked anew each time: of a magnet link it shows late. */
  readonly #isPrivate: () => boolean;
  /** The tracker that was in charge last. */
  #inCharge: string | null = null;
  readonly #peers: TorrentPeers;
  /** Announces of `completed` under way. */
  readonly #completing = new Set<Promise<void>>();
  #abort = new AbortController();
  readonly #options: AnnouncerOptions;
  /** Whether its answers are of the swarm of v2 of a hybrid. */
  readonly #v2: boolean;
  /** The same trackers in the other swarm of a hybrid (BEP 52); null: there is none. */
  #twin: TorrentTrackers | null = null;

  constructor(
    context: SessionContext,
    options: AnnouncerOptions,
    peers: TorrentPeers,
    v2 = false,
  ) {
    this.#options = options;
    this.#v2 = v2;
    this.#context = context;
    this.#torrent = toHex(options.infoHash);
    this.#isPrivate = () => options.isPrivate;
    this.#announcer = new Announcer(options, context.now());
    this.#peers = peers;
  }

  /** Announces under `infoHash` too, where peers have the same torrent in another version; once. What comes of it is not told. */
  join(infoHash: InfoHash, v2: boolean): void {
    if (this.#twin !== null) return;
    const context = { ...this.#context, emit: () => {} };
    const options = { ...this.#options, infoHash, tiers: this.#announcer.tiers };
    this.#twin = new TorrentTrackers(context, options, this.#peers, v2);
  }

  get empty(): boolean {
    return this.#announcer.empty;
  }

  /** Every tracker and how it is. */
  status(): TrackerStatus[] {
    return this.#announcer.status();
  }

  /** Other trackers from here on (BEP 12). */
  replace(tiers: readonly (readonly string[])[]): void {
    this.#announcer.replace(tiers, this.#context.now());
    this.#twin?.replace(tiers);
    this.#context.wake();
  }

  /** Asks for peers now, whatever intervals say. */
  hurry(): void {
    this.#announcer.hurry(this.#context.now());
    this.#twin?.hurry();
    this.#context.wake();
  }

  /** More are known; those that are new are asked after the others. */
  add(tiers: readonly (readonly string[])[]): void {
    this.#announcer.add(tiers, this.#context.now());
    this.#twin?.add(tiers);
  }

  /** The last piece is here: trackers hear it at once, as the torrent may stop in the next moment. */
  complete(): void {
    this.#announcer.complete();
    this.tick(this.#context.now(), false);
    this.#twin?.complete();
  }

  /** Announces what is due. */
  tick(now: Millis, needPeers: boolean): void {
    this.#announcer.needPeers(needPeers);
    this.#twin?.tick(now, needPeers);
    for (let job = this.#announcer.next(now); job !== null; job = this.#announcer.next(now)) {
      const told = this.#announce(job);
      if (job.request.event !== "completed") continue;
      this.#completing.add(told);
      void told.then(() => this.#completing.delete(told));
    }
  }

  /** When {@linkcode tick} wants to be called; Infinity while only a call can change that. */
  nextDeadline(): number {
    const due = this.#announcer.nextDeadline() ?? Infinity;
    return Math.min(due, this.#twin?.nextDeadline() ?? Infinity);
  }

  /** Tells trackers that we leave; resolves when they were told or `deadline` (on the session's clock) is here. */
  async stop(deadline: number): Promise<void> {
    const { now } = this.#context;
    const twin = this.#twin?.stop(deadline);
    // a tracker that counts downloads must not miss this one; half the time is left for `stopped`
    if (this.#completing.size > 0) {
      await within(Promise.all(this.#completing).then(() => {}), (deadline - now()) / 2);
    }
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#announcer.stop();
    const timer = setTimeout(() => this.#abort.abort(), Math.max(0, deadline - now()));
    try {
      const last: Promise<void>[] = [];
      for (let job = this.#announcer.next(now()); job !== null; job = this.#announcer.next(now())) {
        last.push(this.#announce(job));
      }
      await Promise.all([...last, twin]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #announce(job: Announce): Promise<void> {
    const { trackers, now, emit, wake } = this.#context;
    const { signal } = this.#abort;
    const said = { type: "tracker", torrent: this.#torrent, url: job.url } as const;
    try {
      const more = (answer: TrackerAnswer) => {
        // a private torrent's peers are those of the tracker in charge
        if (signal.aborted || (this.#isPrivate() && this.#inCharge !== job.url)) return;
        this.#take(this.#admit(answer));
      };
      const reply = await trackers.announce(job.url, job.request, { signal, more });
      const peers = this.#admit(reply);
      this.#announcer.onReply(job, reply, now());
      this.#watchCharge();
      const { seeders, leechers, warning } = reply;
      emit({
        ...said,
        ok: true,
        peers: peers.length,
        seeders,
        leechers,
        message: warning,
        fault: null,
        next: reply.interval,
      });
      this.#take(peers);
    } catch (error) {
      this.#announcer.onError(job, error, now());
      if (signal.aborted) return;
      emit({
        ...said,
        ok: false,
        peers: 0,
        seeders: null,
        leechers: null,
        message: messageOf(error),
        fault: trackerFault(error),
        next: this.#wait(),
      });
    }
    wake();
  }

  #take(peers: readonly Endpoint[]): void {
    if (this.#v2) this.#peers.addV2(peers, "tracker");
    else this.#peers.add(peers, "tracker");
  }

  /** Peers of an answer that may be dialled. */
  #admit({ peers, localTracker }: TrackerAnswer): Endpoint[] {
    return this.#peers.admit(peers, localTracker ? "local-tracker" : "stranger");
  }

  /** A private torrent's peers are those of one tracker: they go when another takes over (BEP 27). */
  #watchCharge(): void {
    const { current } = this.#announcer;
    if (current === null || current === this.#inCharge) return;
    if (this.#isPrivate() && this.#inCharge !== null) {
      this.#peers.leaveAll("The private torrent changed its tracker");
    }
    this.#inCharge = current;
  }

  /** Seconds until the next announce. */
  #wait(): number {
    const at = this.#announcer.nextDeadline();
    return at === null ? 0 : Math.max(0, Math.ceil((at - this.#context.now()) / 1000));
  }
}
