/**
 * The DHT: which peers have a torrent, kept by everyone a little. KRPC messages (BEP 5), a routing table for each
 * address family (BEP 32), lookups, tokens, peers kept for others; node ids that follow from addresses (BEP 42),
 * nodes that only ask (BEP 43), counts by Bloom filters (BEP 33), samples for who is curious (BEP 51). The node is a
 * state machine: datagrams and time come in by calls. Storing data (BEP 44) is left out.
 *
 * A *node* is a participant, a *peer* someone who has a torrent; a *lookup* asks nodes nearer and nearer to a target
 * until the nearest have answered; a *search* is a lookup for peers.
 */
export { BloomFilter } from "./bloom_filter.ts";
export { decodeMessage, MAX_PACKET } from "./decode_message.ts";
export { encodeMessage } from "./encode_message.ts";
export {
  type Answer,
  type AnswerMessage,
  type Contact,
  type Envelope,
  type ErrorMessage,
  type Family,
  KrpcCode,
  KrpcError,
  type KrpcMessage,
  NOTHING,
  type Query,
  type QueryMessage,
  type Samples,
} from "./message.ts";
export { DhtNode, type DhtOptions, type DhtPort, type DhtStatus } from "./node.ts";
export { type NodeId, nodeId, randomId } from "./node_id.ts";
export {
  Search,
  type SearchListener,
  type SearchOptions,
  type SearchPort,
  type SearchResult,
  type Seeds,
} from "./search.ts";
export type { Asker } from "./transactions.ts";
export { OwnAddress } from "./own_address.ts";
export { isSecureId, secureId } from "./secure_id.ts";
