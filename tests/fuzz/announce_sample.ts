import { infoHash, peerId, utf8 } from "../../src/base/mod.ts";

/** An announce with something in each field, the same for every kind of tracker. */
export const request = {
  infoHash: infoHash(Uint8Array.from({ length: 20 }, (_, i) => i * 13)),
  peerId: peerId(utf8("-TM0100-abcdefghijkl")),
  port: 6881,
  uploaded: 1,
  downloaded: 2,
  left: 3,
  event: "started",
  numwant: 80,
  key: 0xabc,
  trackerId: null,
} as const;
