/**
 * Bencode, the encoding of torrents, tracker replies and DHT messages (BEP 3): a strict, bounded
 * decoder of our own that keeps raw spans, and the `bencode` package's encoder.
 */
export { decode, type DecodeLimits, type DecodeOptions } from "./decode.ts";
export { type Encodable, encode } from "./encode.ts";
export { BencodeError } from "./error.ts";
export {
  asBytes,
  asDictionary,
  asInteger,
  asList,
  type Bvalue,
  StringValue,
  type ValueSpan,
} from "./value.ts";
