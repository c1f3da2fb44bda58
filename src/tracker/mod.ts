/**
 * Trackers (BEP 3, 7, 12, 15, 23, 27, 41, 48), both sides, without I/O: the HTTP and UDP codecs, the
 * exchange of packets with UDP trackers, the announcer that decides which tracker of a torrent to ask when,
 * and the registry of swarms behind a tracker of ours.
 *
 * Terms: an *announce* tells a tracker about us and asks for peers; a *scrape* only asks for counts;
 * a *tier* is a group of trackers of equal rank, used before any of the next tier.
 * Left out: `retry in` (BEP 31).
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
export {
  type Announce,
  trackerFault,
  type TrackerState,
  type TrackerStatus,
} from "./tracker_entry.ts";
export {
  decodeAnnounceReply,
  decodeScrapeReply,
  MAX_REPLY_BYTES,
  refusalIn,
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
export {
  CONNECTION_LIFE,
  FIRST_WAIT,
  MAX_REPEATS,
  type UdpAsked,
  UdpExchange,
  type UdpOutcome,
  type UdpQuestion,
} from "./udp_exchange.ts";
export {
  decodeConnectAnswer,
  decodeUdpAnnounceAnswer,
  decodeUdpScrapeAnswer,
  encodeConnect,
  encodeUdpAnnounce,
  encodeUdpScrape,
  MAX_UDP_SCRAPE,
  readUdpHead,
  UdpAction,
  urlData,
} from "./udp_messages.ts";
export { UdpService, type UdpServiceOptions } from "./udp_service.ts";
