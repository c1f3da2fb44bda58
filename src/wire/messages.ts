/** Message ids of the peer wire protocol: BEP 3, the fast extension (BEP 6), the DHT's port (BEP 5), extensions (BEP 10), hashes (BEP 52). */
export const Message = {
  Choke: 0,
  Unchoke: 1,
  Interested: 2,
  NotInterested: 3,
  Have: 4,
  Bitfield: 5,
  Request: 6,
  Piece: 7,
  Cancel: 8,
  Port: 9,
  Suggest: 13,
  HaveAll: 14,
  HaveNone: 15,
  Reject: 16,
  AllowedFast: 17,
  Extended: 20,
  HashRequest: 21,
  Hashes: 22,
  HashReject: 23,
} as const;

/** Bytes of a `piece` message before its block: length prefix, id, piece, begin. */
export const PIECE_HEADER = 13;
/** The longest block anyone may ask of us; everybody asks for 16 KiB, some old clients for more. */
export const MAX_REQUEST = 128 * 1024;
