/**
 * The swarm of one torrent: which piece next (rarest first, or in order), which block from whom, who is unchoked, who
 * sent bad data. Synchronous, without I/O: connections come from `wire/`, data goes through {@linkcode Store}.
 */
export { AskLimit } from "./ask_limit.ts";
export { Blame, type Failure } from "./blame.ts";
export { Balance, type Round } from "./balance.ts";
export { type Candidate, optimistic, reciprocate, takeTurns } from "./choker.ts";
export { Downloads, SNUB_MS } from "./downloads.ts";
export { Interest } from "./interest.ts";
export { PartialPiece } from "./partial_piece.ts";
export { Peer, type PeerIdentity, type UploadRequest } from "./peer.ts";
export { PeerPool, type PeerSource } from "./peer_pool.ts";
export { PeerExchange } from "./pex.ts";
export { RarestPicker } from "./picker.ts";
export { ReadLane, ReadTurns, TorrentReads } from "./read_turns.ts";
export type { DownloadLimit, Picker, Store, SwarmObserver, UploadLimit } from "./ports.ts";
export { SequentialPicker } from "./sequential_picker.ts";
export { StreamWindow } from "./stream_window.ts";
export { type Offers, SuperSeed } from "./super_seed.ts";
export { Suspicion } from "./suspicion.ts";
export { Swarm, type SwarmParts } from "./swarm.ts";
export { slotsFor, UploadSlots } from "./upload_slots.ts";
export { TorrentUploads, UploadTurns } from "./upload_turns.ts";
export { Uploads } from "./uploads.ts";
