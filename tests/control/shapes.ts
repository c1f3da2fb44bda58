/** What Transmission 3.00 answers: names and types of every field, and a comparison with an answer of ours. */

/** The type of a value; a list names that of its entries, an object is another table. */
export type Shape =
  | "boolean"
  /** A whole number. */
  | "integer"
  | "number"
  | "string"
  | readonly [Shape]
  | { readonly [name: string]: Shape };

/** Every fault of `value` against `shape`, each with its path; objects have these names and no others. */
export function faults(value: unknown, shape: Shape, path = "$"): string[] {
  if (shape === "integer") {
    return Number.isSafeInteger(value) ? [] : [`${path} is no whole number`];
  }
  if (typeof shape === "string") {
    const type: string = typeof value;
    return type === shape ? [] : [`${path} is no ${shape}`];
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((entry, i) => faults(entry, shape[0], `${path}[${i}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${path} is no object`];
  }
  const entries = new Map(Object.entries(value));
  const missing = Object.keys(shape).filter((name) => !entries.has(name));
  const extra = [...entries.keys()].filter((name) => !Object.hasOwn(shape, name));
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...extra.map((name) => `${path}.${name} is too much`),
    ...Object.entries(shape).flatMap(([name, inner]) =>
      entries.has(name) ? faults(entries.get(name), inner, `${path}.${name}`) : []
    ),
  ];
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function all<S extends Shape>(shape: S, names: string): Record<string, S> {
  return Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, shape]));
}

/** Fields of `torrent-get` in rpc-version 16. */
export const TORRENT: Readonly<Record<string, Shape>> = {
  ...all(
    "integer",
    `activityDate addedDate bandwidthPriority corruptEver dateCreated desiredAvailable doneDate
     downloadedEver downloadLimit editDate error eta etaIdle haveUnchecked haveValid id leftUntilDone
     manualAnnounceTime maxConnectedPeers peer-limit peersConnected peersGettingFromUs
     peersSendingToUs pieceCount pieceSize queuePosition rateDownload rateUpload secondsDownloading
     secondsSeeding seedIdleLimit seedIdleMode seedRatioMode sizeWhenDone startDate status totalSize
     uploadedEver uploadLimit webseedsSendingToUs`,
  ),
  ...all(
    "number",
    "metadataPercentComplete percentDone recheckProgress seedRatioLimit uploadRatio",
  ),
  ...all(
    "string",
    "comment creator downloadDir errorString hashString magnetLink name pieces torrentFile",
  ),
  ...all(
    "boolean",
    "downloadLimited honorsSessionLimits isFinished isPrivate isStalled uploadLimited",
  ),
  ...all(["string"] as const, "labels webseeds"),
  ...all(["integer"] as const, "priorities wanted"),
  files: [{ bytesCompleted: "integer", length: "integer", name: "string" }],
  fileStats: [{ bytesCompleted: "integer", priority: "integer", wanted: "boolean" }],
  peers: [{
    ...all("string", "address clientName flagStr"),
    ...all(
      "boolean",
      `clientIsChoked clientIsInterested isDownloadingFrom isEncrypted isIncoming isUTP isUploadingTo
       peerIsChoked peerIsInterested`,
    ),
    ...all("integer", "port rateToClient rateToPeer"),
    progress: "number",
  }],
  peersFrom: all(
    "integer",
    "fromCache fromDht fromIncoming fromLpd fromLtep fromPex fromTracker",
  ),
  // `sitename` came with rpc-version 17
  trackers: [{ ...all("integer", "id tier"), ...all("string", "announce scrape sitename") }],
  trackerStats: [{
    ...all("string", "announce host lastAnnounceResult lastScrapeResult scrape sitename"),
    ...all(
      "integer",
      `announceState downloadCount id lastAnnouncePeerCount lastAnnounceStartTime lastAnnounceTime
       lastScrapeStartTime lastScrapeTime leecherCount nextAnnounceTime nextScrapeTime scrapeState
       seederCount tier`,
    ),
    ...all(
      "boolean",
      `hasAnnounced hasScraped isBackup lastAnnounceSucceeded lastAnnounceTimedOut
       lastScrapeSucceeded lastScrapeTimedOut`,
    ),
  }],
};

const UNITS: Shape = {
  ...all("integer", "memory-bytes size-bytes speed-bytes"),
  ...all(["string"] as const, "memory-units size-units speed-units"),
};

/** Fields of `session-get` in rpc-version 16. */
export const SESSION: Readonly<Record<string, Shape>> = {
  ...all(
    "integer",
    `alt-speed-down alt-speed-time-begin alt-speed-time-day alt-speed-time-end alt-speed-up
     blocklist-size cache-size-mb download-dir-free-space download-queue-size idle-seeding-limit
     peer-limit-global peer-limit-per-torrent peer-port queue-stalled-minutes rpc-version
     rpc-version-minimum seed-queue-size speed-limit-down speed-limit-up`,
  ),
  ...all(
    "boolean",
    `alt-speed-enabled alt-speed-time-enabled blocklist-enabled dht-enabled download-queue-enabled
     idle-seeding-limit-enabled incomplete-dir-enabled lpd-enabled peer-port-random-on-start
     pex-enabled port-forwarding-enabled queue-stalled-enabled rename-partial-files
     script-torrent-done-enabled seed-queue-enabled seedRatioLimited speed-limit-down-enabled
     speed-limit-up-enabled start-added-torrents trash-original-torrent-files utp-enabled`,
  ),
  ...all(
    "string",
    `blocklist-url config-dir download-dir encryption incomplete-dir script-torrent-done-filename
     session-id version`,
  ),
  seedRatioLimit: "number",
  units: UNITS,
};

const TRANSFERS: Shape = all(
  "integer",
  "downloadedBytes filesAdded secondsActive sessionCount uploadedBytes",
);

/** The answer of `session-stats`. */
export const STATS: Shape = {
  ...all(
    "integer",
    "activeTorrentCount downloadSpeed pausedTorrentCount torrentCount uploadSpeed",
  ),
  "cumulative-stats": TRANSFERS,
  "current-stats": TRANSFERS,
};

/** What `torrent-added` and `torrent-duplicate` hold. */
export const ADDED: Shape = { hashString: "string", id: "integer", name: "string" };
