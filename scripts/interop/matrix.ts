/** What the interop tests have to show, cell by cell, declared as a value: client × feature × direction. */

/** The clients of other projects. */
export const CLIENTS = ["libtorrent", "aria2", "Transmission", "qBittorrent", "rtorrent"] as const;
export type Client = typeof CLIENTS[number];

/** `down`: they seed and tm downloads; `up`: tm seeds and they download. */
export const DIRECTIONS = ["down", "up"] as const;
export type Direction = typeof DIRECTIONS[number];

/** The name of a cell within its row. */
export type Column = `${Client} ${Direction}`;

/** A row of the matrix. */
export interface Feature {
  readonly id: string;
  /** As in the table; at most 34 columns. */
  readonly title: string;
  /** Cells that nothing can show, and why: for a footnote. */
  readonly gaps?: Readonly<Partial<Record<Column, string>>>;
}

const NO_SUPER_SEEDING = "It has no super seeding.";
const NO_PEER_IN_MAGNET = "It reads no peers (`x.pe`) in a magnet link.";
const NO_LSD = "It has no LSD.";
const MISREADS_DHT = "It misreads the addresses that the DHT answers, and calls others.";
const NO_UTP = "It has no uTP.";
const TM_SHARES = "`tm share` is what seeds.";
const A_SERVER_SEEDS = "The seed is a web server, not a client; tm's part is in other tests.";

const ALWAYS_ENCRYPTED = "Its encryption cannot be switched off.";
const READS_V1 = "It reads torrents of version 1 alone.";
const ONLY_V1 = {
  "aria2 down": READS_V1,
  "aria2 up": READS_V1,
  "Transmission down": READS_V1,
  "Transmission up": READS_V1,
  "rtorrent down": READS_V1,
  "rtorrent up": READS_V1,
} as const;

const OTHER_HASH = "It takes a hybrid for a torrent with another info hash.";
const CALLS_IT_CORRUPT = "It calls hybrids corrupt.";
const NO_HYBRIDS = {
  "aria2 down": OTHER_HASH,
  "aria2 up": OTHER_HASH,
  "Transmission down": CALLS_IT_CORRUPT,
  "Transmission up": CALLS_IT_CORRUPT,
} as const;

// As BEP 47 wants them to be called.
const NO_PADDING = "It refuses two paddings of one length, because their names are the same.";

/** All rows, in the order of the table. */
export const FEATURES = [
  { id: "http-opentracker", title: "HTTP tracker: opentracker" },
  { id: "udp-opentracker", title: "UDP tracker: opentracker" },
  { id: "http-tm", title: "HTTP tracker: tm tracker" },
  { id: "udp-tm", title: "UDP tracker: tm tracker" },
  { id: "ipv6", title: "IPv6 only, tracker and peers" },
  { id: "dht", title: "DHT only", gaps: { "rtorrent up": MISREADS_DHT } },
  {
    id: "lsd",
    title: "LSD only",
    gaps: { "rtorrent down": NO_LSD, "rtorrent up": NO_LSD },
  },
  { id: "pex", title: "PEX: a third peer is made known" },
  {
    id: "super-seeding",
    title: "super seeding, two downloaders",
    gaps: { "aria2 down": NO_SUPER_SEEDING, "Transmission down": NO_SUPER_SEEDING },
  },
  {
    id: "webseed",
    title: "web server only, `tm create -w`",
    gaps: {
      "libtorrent down": A_SERVER_SEEDS,
      "aria2 down": A_SERVER_SEEDS,
      "Transmission down": A_SERVER_SEEDS,
      "qBittorrent down": A_SERVER_SEEDS,
      "rtorrent down": A_SERVER_SEEDS,
      "rtorrent up": "It has no webseeds.",
    },
  },
  {
    id: "utp",
    title: "uTP only",
    gaps: {
      "aria2 down": NO_UTP,
      "aria2 up": NO_UTP,
      "rtorrent down": NO_UTP,
      "rtorrent up": NO_UTP,
    },
  },
  { id: "magnet-tracker", title: "magnet link, tracker (`tr`)" },
  {
    id: "magnet-peer",
    title: "magnet link, peer (`x.pe`) only",
    gaps: {
      "aria2 up": NO_PEER_IN_MAGNET,
      "Transmission up": NO_PEER_IN_MAGNET,
      "rtorrent up": NO_PEER_IN_MAGNET,
    },
  },
  {
    id: "magnet-dht",
    title: "magnet link, DHT only",
    gaps: { "rtorrent up": MISREADS_DHT },
  },
  { id: "v2-file", title: "v2 (BEP 52): one file", gaps: ONLY_V1 },
  { id: "v2-folder", title: "v2: a folder", gaps: ONLY_V1 },
  { id: "v2-magnet", title: "v2: magnet link (`urn:btmh:`)", gaps: ONLY_V1 },
  { id: "hybrid-file", title: "hybrid: one file", gaps: NO_HYBRIDS },
  {
    id: "hybrid-folder",
    title: "hybrid: a folder",
    gaps: { ...NO_HYBRIDS, "rtorrent down": NO_PADDING, "rtorrent up": NO_PADDING },
  },
  {
    id: "share",
    title: "the link of `tm share`",
    gaps: {
      "libtorrent down": TM_SHARES,
      "aria2 down": TM_SHARES,
      "Transmission down": TM_SHARES,
      "qBittorrent down": TM_SHARES,
      "rtorrent down": TM_SHARES,
    },
  },
  { id: "encrypted", title: "encryption required there" },
  { id: "encrypted-both", title: "encryption required by both" },
  {
    id: "plain",
    title: "encryption off there",
    gaps: {
      "aria2 down": ALWAYS_ENCRYPTED,
      "aria2 up": ALWAYS_ENCRYPTED,
      "Transmission down": ALWAYS_ENCRYPTED,
      "Transmission up": ALWAYS_ENCRYPTED,
    },
  },
] as const satisfies readonly Feature[];

/** The id of a row. */
export type FeatureId = typeof FEATURES[number]["id"];

/** Why a cell cannot be shown, or null when it is to be. */
export function gapOf(feature: Feature, client: Client, direction: Direction): string | null {
  return feature.gaps?.[`${client} ${direction}`] ?? null;
}
