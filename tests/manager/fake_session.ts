/** A session that downloads when a test says so: into real files, with a real record of its pieces. */
import { Bitfield, type Bytes, type InfoHash, infoHash, toHex } from "../../src/base/mod.ts";
import {
  type FilePriorityChange,
  Geometry,
  type Magnet,
  type Metainfo,
} from "../../src/metainfo/mod.ts";
import type { ManagedSession, ManagerClock } from "../../src/manager/mod.ts";
import {
  type AddOptions,
  type EngineEvent,
  type Limits,
  placed,
  rootOf,
  type SessionControl,
  type TorrentSnapshot,
} from "../../src/session/mod.ts";
import type { MappingStatus } from "../../src/net/mod.ts";
import type { StateDb } from "../../src/storage/mod.ts";

const NOTHING: TorrentSnapshot = {
  phase: "opening",
  complete: false,
  metadata: 1,
  checked: 0,
  size: 0,
  done: 0,
  rest: 0,
  unchecked: 0,
  wasted: 0,
  downloaded: 0,
  uploaded: 0,
  downRate: 0,
  upRate: 0,
  peers: 0,
  sending: 0,
  getting: 0,
  seeds: 0,
  known: 0,
  origins: { user: 0, incoming: 0, tracker: 0, pex: 0, lsd: 0, dht: 0 },
  webseedsSending: 0,
};

const known = new Map<string, Metainfo>();

/** Makes the session know what some torrent file says. */
export function learn(bytes: Bytes, metainfo: Metainfo): void {
  known.set(bytes.join(), metainfo);
}

/** A torrent of the session; a test may change what it shows. */
export class FakeTorrent {
  snapshot: TorrentSnapshot = NOTHING;

  constructor(
    readonly session: FakeSession,
    readonly hash: InfoHash,
    readonly metainfo: Metainfo | null,
    readonly options: AddOptions,
  ) {}

  get id(): string {
    return toHex(this.hash);
  }

  /** Changes what it shows. */
  show(change: Partial<TorrentSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
  }

  /** Its files, where its options place them. */
  files() {
    return placed(this.metainfo!.files, this.options);
  }

  get #geometry(): Geometry {
    return new Geometry(this.metainfo!.totalLength, this.metainfo!.pieceLength);
  }

  /** Finds out what is there: what the record knows of files that are there; with `check`, all whole files. */
  begin(): void {
    if (this.metainfo === null) return this.show({ phase: "metadata", metadata: 0 });
    const { state, folder } = this.session;
    const geometry = this.#geometry;
    const { pieceCount } = geometry;
    const options = { location: this.options.location ?? [] };
    state.add(this.hash, rootOf(this.files(), options), pieceCount, null);
    const known = state.load(this.hash, pieceCount)?.good ?? new Bitfield(pieceCount);
    const good = new Bitfield(pieceCount);
    const whole = this.files().map(({ path, length, pad }) => {
      try {
        return pad || Deno.lstatSync(`${folder}/${path.join("/")}`).size === length;
      } catch {
        return false;
      }
    });
    for (let piece = 0; piece < pieceCount; piece++) {
      const from = geometry.pieceOffset(piece);
      const to = from + geometry.pieceSize(piece);
      const there = this.files().every(({ offset, length }, i) =>
        offset >= to || offset + length <= from || whole[i]!
      );
      if (there && (this.options.check || known.has(piece))) good.add(piece);
    }
    state.saveGood(this.hash, good, good);
    this.#found(good);
    if (this.options.checkOnly) {
      const { size, done } = this.snapshot;
      this.show({ phase: "ended" });
      this.session.emit({ type: "checked", torrent: this.id, done, size });
      return;
    }
    this.show({ phase: "running" });
  }

  /** Writes all that is missing; it is complete then. */
  finish(data: Bytes): void {
    const { state, folder } = this.session;
    for (const { path, offset, length, pad } of this.files()) {
      if (pad) continue;
      const full = `${folder}/${path.join("/")}`;
      Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
      Deno.writeFileSync(full, data.subarray(offset, offset + length));
    }
    const { pieceCount } = this.#geometry;
    const all = new Bitfield(pieceCount);
    all.fill();
    const { size, done, downloaded } = this.snapshot;
    state.saveIntent(this.hash, all);
    state.saveGood(this.hash, all, all);
    this.show({ downloaded: downloaded + size - done });
    this.#found(all);
    const { name } = this.metainfo!;
    this.session.emit({ type: "done", torrent: this.id, name, size, downloaded, seconds: 1 });
  }

  #found(good: Bitfield): void {
    const geometry = this.#geometry;
    let done = 0;
    for (const piece of good) done += geometry.pieceSize(piece);
    const size = this.metainfo!.totalLength;
    this.show({ size, done, complete: done === size });
  }
}

/** The session of a {@linkcode World}. */
export class FakeSession implements ManagedSession {
  readonly torrents = new Map<string, FakeTorrent>();
  /** Everything it was asked to add, in order. */
  readonly added: string[] = [];
  readonly limits: Partial<Limits>[] = [];
  /** Called before a torrent is added; what it throws is why it cannot be. */
  beforeAdd: (hash: string) => Promise<void> | void = () => {};
  /** What becomes of a torrent instead of running; null: it runs. */
  fails: (hash: string) => EngineEvent | null = () => null;
  beforeRemove: (hash: string) => Promise<void> | void = () => {};
  /** Peers that came. */
  mapping: MappingStatus | null = null;
  arrivals = { outside: 0, near: 0 };
  stopped = false;
  /** Files can be chosen of what runs. */
  knowsFiles = false;
  /** Every choice of files it was told while a torrent ran, in order. */
  readonly chosen: FilePriorityChange[] = [];
  /** The process is gone. */
  dead = false;

  constructor(
    readonly folder: string,
    readonly state: StateDb,
    readonly clock: ManagerClock,
    readonly emit: (event: EngineEvent) => void,
  ) {}

  readonly control: SessionControl = {
    snapshot: (id) => this.torrents.get(id)?.snapshot ?? null,
    peers: () => [],
    trackers: () => [],
    now: () => this.clock.now(),
    why: () => null,
    manualAnnounce: () => null,
    reannounce: () => {},
    setTrackers: () => {},
    pieces: () => null,
    files: (id) => this.knowsFiles && this.torrents.has(id) ? [] : null,
    setFilePriorities: (_, changes) => {
      this.chosen.push(...changes);
      return Promise.resolve();
    },
    setOrder: () => {},
    available: () => 0,
    totals: () => ({
      peers: 0,
      dht: false,
      dhtNodes: 0,
      diskQueue: 0,
      port: 6881,
      proxy: null,
      mapping: this.mapping,
      arrivals: this.arrivals,
    }),
    remove: async (id) => {
      await this.beforeRemove(id);
      this.torrents.delete(id);
    },
  } as SessionControl;

  async add(source: Bytes | Magnet, options: AddOptions): Promise<string> {
    if (this.dead) return await new Promise(() => {});
    if (this.stopped) throw new Error("Expected a running engine");
    const metainfo = source instanceof Uint8Array ? known.get(source.join()) ?? null : null;
    const hash = metainfo?.infoHash ?? infoHash((source as Magnet).infoHash);
    const id = toHex(hash);
    await this.beforeAdd(id);
    if (this.dead) return await new Promise(() => {});
    if (this.torrents.has(id)) throw new Error(`Added twice: ${id}`);
    const torrent = new FakeTorrent(this, hash, metainfo, options);
    this.torrents.set(id, torrent);
    this.added.push(id);
    const failure = this.fails(id);
    if (failure === null) torrent.begin();
    else this.emit(failure);
    return id;
  }

  /** A torrent that runs. */
  get(id: string): FakeTorrent {
    const torrent = this.torrents.get(id);
    if (torrent === undefined) throw new Error(`Expected ${id} to run`);
    return torrent;
  }

  setLimits(torrent: string | null, limits: Partial<Limits>): boolean {
    if (torrent === null) this.limits.push(limits);
    return true;
  }

  setFilter(): void {}

  stop(_graceMs: number): Promise<void> {
    this.stopped = true;
    this.torrents.clear();
    return Promise.resolve();
  }
}
