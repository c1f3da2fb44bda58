/**
 * The swarm of one torrent: which piece next (rarest first, or in order), which block from whom, who is unchoked, who
 * sent bad data, what web servers fetch beside peers (BEP 19). Synchronous, without I/O: connections come from `wire/`, data goes through {@linkcode Store}.
 */
export { AskLimit } from "./ask_limit.ts";
export { Blame, type Failure } from "./blame.ts";
export { Balance, type Round } from "./balance.ts";
export { type Candidate, optimistic, reciprocate, takeTurns } from "./choker.ts";
export { Downloads, SNUB_MS } from "./downloads.ts";
export { Interest } from "./interest.ts";
export {
  MetadataFetch,
  type MetadataObserver,
  type MetadataParts,
  type MetadataState,
} from "./metadata_fetch.ts";
export type { MetadataCopy } from "./metadata_copy.ts";
export type { MetadataPeer } from "./metadata_peer.ts";
export { PartialPiece } from "./partial_piece.ts";
export { Peer, type PeerIdentity, type UploadRequest } from "./peer.ts";
export { PeerPool, type PeerSource } from "./peer_pool.ts";
export { peerPriority } from "./peer_priority.ts";
export { PeerRanks } from "./peer_ranks.ts";
export { HolePunch } from "./hole_punch.ts";
export type { LayerNews } from "./layer_fetch.ts";
export { PeerExchange } from "./pex.ts";
export { RarestPicker } from "./picker.ts";
export { PriorityPicker } from "./priority_picker.ts";
export { ReadLane, ReadTurns, TorrentReads } from "./read_turns.ts";
export type {
  DownloadLimit,
  PeerGroup,
  PeerMember,
  Picker,
  Store,
  SwarmObserver,
  UploadLimit,
  WebseedLink,
} from "./ports.ts";
export { SequentialPicker } from "./sequential_picker.ts";
export type { Source } from "./source.ts";
export { StreamWindow } from "./stream_window.ts";
export { type Offers, SuperSeed } from "./super_seed.ts";
export { Suspicion } from "./suspicion.ts";
export { Swarm } from "./swarm.ts";
export { SwarmHashes } from "./swarm_hashes.ts";
export type { SwarmParts } from "./swarm_parts.ts";
export { slotsFor, UploadSlots } from "./upload_slots.ts";
export { TorrentUploads, UploadTurns } from "./upload_turns.ts";
export { Uploads } from "./uploads.ts";
export { Wanted } from "./wanted.ts";
export { Webseed, type WebseedNews, type WebseedOwner, type WebseedState } from "./webseed.ts";
export { WebseedError, type WebseedFault } from "./webseed_fault.ts";
export { type Stretch, WebseedRun } from "./webseed_run.ts";
export { Webseeds } from "./webseeds.ts";
