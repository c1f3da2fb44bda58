/**
 * Trackers (BEP 3, 7, 12, 23, 27, 48), both sides, without I/O: the HTTP codecs, the announcer that
 * decides which tracker of a torrent to ask when, and the registry of swarms behind a tracker of ours.
 *
 * Terms: an *announce* tells a tracker about us and asks for peers; a *scrape* only asks for counts;
 * a *tier* is a group of trackers of equal rank, used before any of the next tier.
 * Left out: UDP trackers (BEP 15), which the announcer skips, and `retry in` (BEP 31).
 */
export {
  type AnnounceEvent,
  type AnnounceReply,
  type AnnounceRequest,
  DEFAULT_INTERVAL,
  MAX_PEERS,
  type SwarmCounts,
} from "./announce.ts";
export { Announcer, type AnnouncerOptions, type TransferStats } from "./announcer.ts";
export type { Announce, TrackerState, TrackerStatus } from "./tracker_entry.ts";
export {
  decodeAnnounceReply,
  decodeScrapeReply,
  MAX_REPLY_BYTES,
  TrackerRefusal,
} from "./http_reply.ts";
export { announceUrl, scrapeUrl } from "./http_request.ts";
export {
  type AnnounceTimes,
  encodeAnnounceAnswer,
  encodeFailure,
  encodeScrapeAnswer,
} from "./http_answer.ts";
export {
  type AnnounceQuery,
  MAX_QUERY,
  parseAnnounceQuery,
  parseScrapeQuery,
} from "./http_query.ts";
export { printable } from "./printable.ts";
export {
  MAX_GIVEN,
  type RegistryLimits,
  type SwarmAnnounce,
  type SwarmPeer,
  SwarmRegistry,
  type SwarmSize,
} from "./swarm_registry.ts";
