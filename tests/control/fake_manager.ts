/** A manager without torrents of its own: it shows what it is given and notes what it is asked. */
import type {
  Added,
  Detail,
  FileView,
  Finding,
  Lack,
  ManagerApi,
  ManagerStats,
  NewTorrent,
  Overview,
  PeerView,
  Selection,
  SessionPatch,
  SessionSettings,
  SessionView,
  TorrentDetails,
  TorrentPatch,
  TorrentSettings,
  TorrentView,
  TrackerView,
} from "../../src/manager/mod.ts";
import { toHex, utf8 } from "../../src/base/mod.ts";

export const FOLDER = "/srv/torrents";
export const HASH = "a619b9b25eaf8007910b76ddf5da39764ef7718e";

export const TORRENT_SETTINGS: TorrentSettings = {
  downloadLimit: 100_000,
  downloadLimited: false,
  uploadLimit: 50_000,
  uploadLimited: true,
  honorsSession: true,
  bandwidth: "normal",
  peerLimit: 50,
  ratioMode: "own",
  ratio: 1.5,
  idleMode: "session",
  idleMinutes: 30,
  timeMode: "session",
  timeMinutes: 60,
  labels: ["linux", "iso"],
  sequential: false,
  firstLast: true,
  maxTotal: 0,
};

export const SESSION_SETTINGS: SessionSettings = {
  downloadLimit: 100_000,
  downloadLimited: false,
  uploadLimit: 200_000,
  uploadLimited: true,
  altDownloadLimit: 50_000,
  altUploadLimit: 30_000,
  altEnabled: false,
  schedule: { enabled: false, begin: 540, end: 1020, days: 127 },
  downloadQueueEnabled: true,
  downloadQueueSize: 5,
  seedQueueEnabled: false,
  seedQueueSize: 10,
  stalledEnabled: true,
  stalledMinutes: 30,
  ratioEnabled: false,
  ratio: 2,
  idleEnabled: false,
  idleMinutes: 30,
  timeEnabled: false,
  timeMinutes: 60,
  startAdded: true,
  trashTorrents: false,
  location: "",
  peerLimitGlobal: 200,
  peerLimitTorrent: 50,
  dht: true,
  pex: true,
  portMapping: false,
  lsd: true,
  utp: true,
  encryption: "prefer",
  filterEnabled: false,
  filterUrl: "http://www.example.com/blocklist",
  maxTotal: 0,
  maxDay: 0,
  maxMonth: 0,
  reserve: 1_000_000,
};

export const STATS: ManagerStats = {
  torrents: 2,
  active: 1,
  paused: 1,
  downRate: 1000.4,
  upRate: 20,
  current: { downloaded: 10, uploaded: 20, filesAdded: 1, sessions: 1, active: 12.5 },
  total: { downloaded: 1000, uploaded: 2000, filesAdded: 3, sessions: 4, active: 500.5 },
  peers: 7,
  dhtNodes: 150,
  diskQueue: 65_536,
  activities: {
    "stopped": 1,
    "check-wait": 0,
    "checking": 0,
    "download-wait": 0,
    "downloading": 1,
    "seed-wait": 0,
    "seeding": 0,
  },
  port: 6881,
};

/** A torrent that downloads, with two files. */
export function torrentView(id: number, change: Partial<TorrentView> = {}): TorrentView {
  return {
    id,
    hash: id === 1 ? HASH : String(id).padStart(40, "0"),
    name: id === 1 ? "beta" : `torrent ${id}`,
    location: "",
    activity: "downloading",
    metadata: 1,
    trouble: { kind: "none" },
    size: 300_000,
    wanted: 300_000,
    done: 262_144,
    valid: 262_144,
    unchecked: 100,
    corrupt: 0,
    available: 37_856,
    downloaded: 262_244,
    uploaded: 131_122,
    downRate: 1000.4,
    upRate: 20,
    peers: 2,
    peersSending: 1,
    peersGetting: 1,
    seeds: 1,
    known: 9,
    origins: { cache: 0, dht: 1, incoming: 0, lsd: 0, pex: 0, tracker: 1, user: 0 },
    webseeds: ["http://example.org/beta"],
    webseedsSending: 0,
    eta: 37.6,
    etaIdle: null,
    checked: 0,
    addedAt: 1_795_346_582_500,
    doneAt: null,
    startedAt: 1_795_346_583_000,
    activeAt: 1_795_346_590_999,
    editedAt: null,
    secondsDownloading: 8.7,
    secondsSeeding: 0,
    position: id - 1,
    stalled: false,
    finished: false,
    private: false,
    comment: "a comment",
    creator: "mktorrent 1.1",
    createdAt: 1_795_346_581,
    pieces: 2,
    pieceLength: 262_144,
    magnet: `magnet:?xt=urn:btih:${HASH}&dn=beta`,
    settings: TORRENT_SETTINGS,
    manualAnnounce: 5,
    ...change,
  };
}

export const FILES: readonly FileView[] = [
  { path: "beta/one", length: 200_000, done: 200_000, priority: "high" },
  { path: "beta/two", length: 100_000, done: 62_144, priority: "off" },
];

export const PEER: PeerView = {
  address: "203.0.113.5",
  port: 6881,
  client: "libtorrent 2.0.8",
  progress: 0.5,
  downRate: 1000.4,
  upRate: 0,
  choking: false,
  choked: true,
  interested: true,
  interesting: true,
  incoming: true,
  encrypted: false,
  utp: false,
  optimistic: false,
  snubbed: false,
  origin: "dht",
};

export const TRACKER: TrackerView = {
  id: 0,
  url: "http://tracker.example.org:6969/announce",
  scrape: "http://tracker.example.org:6969/scrape",
  tier: 0,
  state: "ok",
  message: "",
  fault: null,
  said: "",
  peers: 3,
  seeders: 2,
  leechers: 1,
  downloads: -1,
  lastAt: 1_795_346_583_000,
  nextAt: 1_795_348_383_000,
};

const DETAILS: Required<TorrentDetails> = {
  files: FILES,
  connected: [PEER],
  trackers: [TRACKER],
  have: new Uint8Array([0x80]),
  why: {
    code: "peers",
    values: {},
    text: "waiting for peers",
    causes: [{
      cause: "no-peers",
      values: { count: 1, total: 1 },
      text: "none",
      advice: "wait",
    }],
  },
};

/** One call of the manager: its name and what it was given. */
export type Asked = readonly [method: keyof ManagerApi, ...given: unknown[]];

export class FakeManager implements ManagerApi {
  views: TorrentView[] = [torrentView(1), torrentView(2, { activity: "stopped", eta: null })];
  settings: SessionSettings = SESSION_SETTINGS;
  lacks: readonly Lack[] = [];
  removed: number[] = [3];
  port: boolean | null = true;
  /** Thrown by whatever is asked next that changes something. */
  failure: Error | null = null;
  /** What was asked that changes something, in order. */
  readonly asked: Asked[] = [];

  #note(...asked: Asked): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.asked.push(asked);
    return Promise.resolve();
  }

  async add(torrent: NewTorrent): Promise<Added> {
    await this.#note("add", torrent);
    const hash = torrent.torrent instanceof Uint8Array ? HASH : toHex(torrent.torrent.infoHash);
    const there = this.views.find((view) => view.hash === hash);
    if (there !== undefined) return { id: there.id, hash, name: there.name, duplicate: true };
    const view = torrentView(9, { hash, name: "zed" });
    this.views.push(view);
    return { id: 9, hash, name: view.name, duplicate: false };
  }

  remove = (torrents: Selection, data: boolean) => this.#note("remove", torrents, data);
  start = (torrents: Selection, now: boolean) => this.#note("start", torrents, now);
  stop = (torrents: Selection) => this.#note("stop", torrents);
  verify = (torrents: Selection) => this.#note("verify", torrents);
  reannounce = (torrents: Selection) => this.#note("reannounce", torrents);
  set = (torrents: Selection, patch: TorrentPatch) => this.#note("set", torrents, patch);
  relocate = (torrents: Selection, location: string, move: boolean) =>
    this.#note("relocate", torrents, location, move);
  rename = (torrent: number | string, path: string, name: string) =>
    this.#note("rename", torrent, path, name);
  queue = (torrents: Selection, to: string) => this.#note("queue", torrents, to);

  torrents(torrents: Selection, details: readonly Detail[]) {
    const chosen = this.views.filter(({ id, hash }) =>
      torrents === null || torrents.includes(id) || torrents.includes(hash)
    );
    return Promise.resolve(chosen.map((view) => ({ ...view, ...picked(details) })));
  }

  async overview(): Promise<Overview> {
    const rows = this.views.map((view) => ({ view, at: 0, changedAt: 0, counts: null }));
    return { now: 0, rows, gone: [], session: await this.session(), stats: await this.stats() };
  }

  recent(_since: number, details: readonly Detail[]) {
    const torrents = this.views.slice(0, 1).map((view) => ({ ...view, ...picked(details) }));
    return Promise.resolve({ torrents, removed: this.removed });
  }

  session(): Promise<SessionView> {
    return Promise.resolve({
      settings: this.settings,
      folder: FOLDER,
      free: 76_737_523_712,
      port: 6881,
      filterRules: 12,
      alternative: this.settings.altEnabled,
      lacks: this.lacks,
    });
  }

  async setSession(patch: SessionPatch): Promise<void> {
    await this.#note("setSession", patch);
    this.settings = { ...this.settings, ...patch };
  }

  stats = () => Promise.resolve(STATS);
  freeSpace = (path: string) => Promise.resolve({ path, free: 1_000, total: 4_000 });

  async readTorrent(path: string) {
    await this.#note("readTorrent", path);
    return utf8("d4:infod4:name4:betaee");
  }

  testPort = () => Promise.resolve(this.port);
  updateFilter = () => this.#note("updateFilter").then(() => 12);
  doctor = (): Promise<readonly Finding[]> =>
    Promise.resolve([{
      subject: "port",
      code: "port-unknown",
      values: { port: 6881, count: 0 },
      state: "bad",
      text: "closed",
      advice: "open it",
    }]);
}

function picked(details: readonly Detail[]): TorrentDetails {
  return Object.fromEntries(details.map((detail) => [detail, DETAILS[detail]]));
}
