import type { Check } from "./check.ts";
import { LINK } from "./kinds/download.ts";
import { OPENSSL, WEB_CRYPTO } from "./kinds/recheck.ts";
import type { Metric } from "./metric.ts";
import { LIBTORRENT_CHECK, TM_VERIFY } from "./programs/checkers.ts";
import { MKTORRENT, TM_CREATE } from "./programs/creators.ts";
import {
  ARIA2_GET,
  LIBTORRENT_GET,
  LIBTORRENT_GET_RC4,
  LIBTORRENT_GET_UTP,
  TM_GET,
  TM_GET_PEER,
  TM_GET_RC4,
  TM_GET_UTP,
} from "./programs/downloaders.ts";
import { ARIA2_METADATA, TM_INFO } from "./programs/metadata_fetchers.ts";
import { TM } from "./programs/program.ts";
import { LIBTORRENT_SEED, TM_SEED } from "./programs/seeders.ts";
import { ARIA2_PLAIN, ARIA2_WEB, LIBTORRENT_WEB, TM_WEB } from "./programs/web_downloaders.ts";
import type { DownloadWork, Payload, Scenario, SeedWork } from "./scenario.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

const ROUNDS = 5;
const LIBTORRENT = "libtorrent";

const ONE_GIB: Payload = { kind: "file", bytes: GIB };
const FOUR_GIB: Payload = { kind: "file", bytes: 4 * GIB };

/** One gibibyte from one seeder, which the others differ from in one thing each. */
const DOWNLOAD: DownloadWork = {
  kind: "download",
  payload: ONE_GIB,
  pieceLength: MIB,
  seeders: 1,
  transport: "tcp",
  link: null,
  cutSeconds: null,
  programs: [TM_GET, LIBTORRENT_GET],
};

const SEED: SeedWork = {
  kind: "seed",
  payload: ONE_GIB,
  pieceLength: MIB,
  leechers: 1,
  programs: [TM_SEED, LIBTORRENT_SEED],
};

/** In the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "loopback",
    title: "1 GiB, pieces of 1 MiB, one seeder",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: { ...DOWNLOAD, programs: [TM_GET, LIBTORRENT_GET, ARIA2_GET] },
    checks: [
      faster(LIBTORRENT, 1.25),
      { metric: "cpuSeconds", over: LIBTORRENT, bound: { atMost: 0.8 } },
      atMost("peakMebibytes", 200),
    ],
  },
  {
    name: "v2",
    title: "1 GiB of version 2, pieces of 1 MiB, one seeder",
    rounds: 3,
    baseline: LIBTORRENT,
    work: { ...DOWNLOAD, v2: true },
    checks: [faster(LIBTORRENT, 1)],
  },
  {
    name: "small-pieces",
    title: "1 GiB, pieces of 256 KiB, one seeder",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: { ...DOWNLOAD, pieceLength: 256 * KIB },
    checks: [faster(LIBTORRENT, 1.2)],
  },
  {
    name: "large-pieces",
    title: "1 GiB, pieces of 16 MiB, one seeder",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: { ...DOWNLOAD, pieceLength: 16 * MIB },
    checks: [faster(LIBTORRENT, 1.2)],
  },
  {
    name: "four-seeders",
    title: "1 GiB, pieces of 1 MiB, four seeders",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: { ...DOWNLOAD, seeders: 4 },
    checks: [faster(LIBTORRENT, 1.2)],
  },
  {
    name: "many-files",
    title: "10,000 files of 50 KiB in the mean, one seeder",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: {
      ...DOWNLOAD,
      payload: { kind: "files", count: 10_000, meanBytes: 50 * KIB, seed: 20_261_125 },
      pieceLength: 256 * KIB,
      programs: [TM_GET, LIBTORRENT_GET, ARIA2_GET],
    },
    checks: [faster(LIBTORRENT, 1), faster("aria2", 1)],
  },
  {
    name: "webseed",
    title: "1 GiB, pieces of 1 MiB, one web server",
    rounds: ROUNDS,
    baseline: "aria2",
    work: {
      kind: "webseed",
      payload: ONE_GIB,
      pieceLength: MIB,
      programs: [TM_WEB, LIBTORRENT_WEB, ARIA2_WEB, ARIA2_PLAIN],
    },
    checks: [faster("aria2", 1)],
  },
  {
    name: "seeding",
    title: "Seeding 1 GiB to libtorrent",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: SEED,
    checks: [faster(LIBTORRENT, 1)],
  },
  {
    name: "eight-leechers",
    title: "Seeding 256 MiB to eight libtorrent leechers at once",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: { ...SEED, payload: { kind: "file", bytes: 256 * MIB }, leechers: 8 },
    checks: [faster(LIBTORRENT, 1)],
  },
  {
    name: "long-link",
    title: "512 MiB over RTT 100 ms and 50 MB/s, one seeder",
    rounds: ROUNDS,
    baseline: LINK,
    work: {
      ...DOWNLOAD,
      payload: { kind: "file", bytes: 512 * MIB },
      link: { rttMilliseconds: 100, bytesPerSecond: 50_000_000 },
      cutSeconds: 20,
      programs: [TM_GET, LIBTORRENT_GET, ARIA2_GET],
    },
    checks: [faster(LINK, 0.9)],
  },
  {
    name: "encrypted",
    title: "1 GiB, encrypted with RC4, one seeder",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: { ...DOWNLOAD, transport: "rc4", programs: [TM_GET_RC4, LIBTORRENT_GET_RC4] },
    checks: [faster(LIBTORRENT, 1)],
  },
  {
    name: "utp",
    title: "256 MiB over uTP alone, one seeder, 20 s at most",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: {
      ...DOWNLOAD,
      payload: { kind: "file", bytes: 256 * MIB },
      transport: "utp",
      // what libtorrent sends by uTP takes half a minute
      cutSeconds: 20,
      programs: [TM_GET_UTP, LIBTORRENT_GET_UTP],
    },
    checks: [faster(LIBTORRENT, 0.8)],
  },
  {
    name: "share",
    title: "uTP on a line of 2 MB/s with a queue of 250 ms",
    rounds: 3,
    baseline: null,
    work: { kind: "share", bytesPerSecond: 2_000_000, queueMilliseconds: 250, programs: [TM] },
    checks: [
      atLeast("alonePercent", 85),
      atLeast("tcpPercent", 90),
      atLeast("afterPercent", 85),
    ],
  },
  {
    name: "recheck",
    title: "Recheck of 4 GiB",
    rounds: ROUNDS,
    baseline: LIBTORRENT,
    work: {
      kind: "recheck",
      payload: FOUR_GIB,
      pieceLength: MIB,
      programs: [TM_VERIFY, LIBTORRENT_CHECK],
    },
    checks: [faster(LIBTORRENT, 1), faster(WEB_CRYPTO, 0.9), faster(OPENSSL, 0.9)],
  },
  {
    name: "create",
    title: "Torrent of 4 GiB",
    rounds: ROUNDS,
    baseline: "mktorrent",
    work: {
      kind: "create",
      payload: FOUR_GIB,
      pieceLength: MIB,
      programs: [TM_CREATE, MKTORRENT],
    },
    checks: [faster("mktorrent", 1)],
  },
  {
    name: "start",
    title: "From the command to the first request on the wire",
    rounds: 20,
    baseline: null,
    work: { kind: "start", programs: [TM_GET, ARIA2_GET, LIBTORRENT_GET, TM_GET_PEER] },
    checks: [atMost("milliseconds", 150)],
  },
  {
    name: "metadata",
    title: "1 MiB of metadata, one seeder",
    rounds: ROUNDS,
    baseline: null,
    work: { kind: "metadata", bytes: MIB, programs: [TM_INFO, ARIA2_METADATA] },
    checks: [atMost("milliseconds", 300)],
  },
  {
    name: "sparse",
    title: "64 GiB, sparse, all but 1 GiB on disk",
    rounds: ROUNDS,
    baseline: null,
    work: {
      kind: "sparse",
      bytes: 64 * GIB,
      pieceLength: 4 * MIB,
      dataEvery: 64,
      programs: [TM_GET],
    },
    checks: [atMost("peakMebibytes", 200)],
  },
  {
    name: "crowd",
    title: "500 connections (10 torrents), 20 of them active",
    rounds: ROUNDS,
    baseline: null,
    work: { kind: "crowd", torrents: 10, peersPerTorrent: 50, active: 20, programs: [TM_GET] },
    checks: [atMost("peakMebibytes", 250), atMost("idlePercent", 10)],
  },
  {
    name: "manager",
    title: "Manager of 1,000 idle torrents",
    rounds: 3,
    baseline: null,
    work: { kind: "manager", torrents: 1000, programs: [TM] },
    checks: [
      atMost("seconds", 5),
      atMost("answerMilliseconds", 50),
      atMost("listMilliseconds", 200),
      atMost("busyMilliseconds", 20),
      atMost("idlePercent", 1),
      atMost("peakMebibytes", 300),
    ],
  },
  {
    name: "page",
    title: "Web page, 1,000 torrents that move, 5,000 to scroll",
    rounds: 1,
    baseline: null,
    work: { kind: "page", moving: 1000, rows: 5000, programs: [TM] },
    checks: [
      atMost("firstViewMilliseconds", 500),
      atMost("updateMilliseconds", 8),
      atMost("slowUpdateMilliseconds", 8),
      atMost("frameMilliseconds", 17),
    ],
  },
  {
    name: "page-cost",
    title: "Open pages of 1,000 torrents of which 10 move",
    rounds: 5,
    baseline: null,
    work: { kind: "page-cost", torrents: 1000, moving: 10, programs: [TM] },
    checks: [atMost("pagePercent", 1), atMost("severalPagesPercent", 1)],
  },
  limit("down", 100e3, 8, "100 KB/s", 64),
  limit("down", 50e6, 4, "50 MB/s", 1024),
  limit("up", 100e3, 4, "100 KB/s", 64),
  limit("up", 50e6, 2, "50 MB/s", 512),
];

/** A limit in bytes a second that is to hold within 5 % over any ten seconds. */
function limit(
  direction: "down" | "up",
  rate: number,
  peers: number,
  inWords: string,
  mebibytes: number,
): Scenario {
  const work = direction === "down" ? "download" : "upload";
  return {
    name: `limit-${direction}-${inWords.replaceAll(/[^0-9A-Z]/g, "").toLowerCase()}`,
    title: `${work} limit of ${inWords}, ${peers} peers`,
    rounds: 3,
    baseline: null,
    work: {
      kind: "limit",
      direction,
      bytesPerSecond: rate,
      peers,
      payload: { kind: "file", bytes: mebibytes * MIB },
      pieceLength: 256 * KIB,
      programs: [TM],
    },
    checks: [atMost("offLimitPercent", 5)],
  };
}

/** At least so many times as fast as another program. */
function faster(over: string, atLeast: number): Check {
  return { metric: "speed", over, bound: { atLeast } };
}

function atLeast(metric: Metric, limit: number): Check {
  return { metric, over: null, bound: { atLeast: limit } };
}

function atMost(metric: Metric, limit: number): Check {
  return { metric, over: null, bound: { atMost: limit } };
}
