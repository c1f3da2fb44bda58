import { type Sample, sampleTorrent } from "../contracts/sample_torrent.ts";

/** The torrent that `processes/download.ts` writes. */
export const CRASH_HASH = new Uint8Array(20).fill(9);

/** 160 pieces over three files; every process makes the same bytes. */
export function crashSample(): Promise<Sample> {
  const files = [["t/a", 100_000], ["t/b", 1], ["t/c", 555_000]] as const;
  return sampleTorrent(files, 4096);
}
