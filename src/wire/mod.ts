/**
 * What two peers say to each other (BEP 3, 6, 9, 10, 11, 21, 52, 54, 55): handshake, frames, messages, and the state of one
 * connection. Bytes in, calls out; sockets are in `net/`, encryption is in `mse/`.
 */
export { AllowedFastSet } from "./allowed_fast.ts";
export type { Secrecy } from "./beginning.ts";
export {
  type Accept,
  type Accepted,
  type ConnectionHandler,
  type Link,
  PeerConnection,
} from "./connection.ts";
export {
  decodeExtensionHandshake,
  encodeExtensionHandshake,
  EXTENSION_HANDSHAKE,
  type ExtensionHandshake,
} from "./extension.ts";
export {
  encodeDontHave,
  encodeUploadOnly,
  EXTENSION_NAMES,
  type ExtensionEvent,
  type ExtensionName,
  OUR_EXTENSIONS,
} from "./extension_messages.ts";
export { FrameReader } from "./frame_reader.ts";
export {
  encodeHolepunch,
  HolepunchError,
  type HolepunchMessage,
  readHolepunch,
} from "./holepunch_messages.ts";
export {
  encodeHashes,
  encodeHashSpan,
  type HashEvent,
  type HashSpan,
  isHashMessage,
  readHashMessage,
  uncleCount,
} from "./hash_messages.ts";
export {
  decodeHandshake,
  encodeHandshake,
  type Handshake,
  HANDSHAKE_SIZE,
  mayBeHandshake,
} from "./handshake.ts";
export {
  encodeMetadataData,
  encodeMetadataReject,
  encodeMetadataRequest,
  MAX_METADATA,
  METADATA_PIECE,
  type MetadataMessage,
  metadataPieces,
  metadataPieceSize,
  readMetadata,
} from "./metadata_messages.ts";
export {
  type Cipher,
  type Opening,
  PLAIN,
  type Prelude,
  type PreludeStep,
  type Sealed,
} from "./prelude.ts";
export { Called, type CalledParts, Caller, Method, torrentMark } from "./mse/mod.ts";
export { MAX_REQUEST, Message, PIECE_HEADER } from "./messages.ts";
export { Outbox } from "./outbox.ts";
export {
  decodePex,
  encodePex,
  MOST_PEX_PEERS,
  PexFlag,
  type PexMessage,
  type PexPeer,
} from "./pex_messages.ts";
export type { PeerEvent } from "./rare_messages.ts";
