import { firstLine, type Program, TM } from "./program.ts";

/** A program that makes a torrent of a file. */
export interface Creator extends Program {
  /** `pieceLength` is a power of two; nothing is at `torrent` yet. */
  command(payload: string, torrent: string, pieceLength: number, tm: string): readonly string[];
}

const ANNOUNCE = "http://127.0.0.1:6969/announce";

export const TM_CREATE: Creator = {
  ...TM,
  command: (payload, torrent, pieceLength, tm) => [
    ...[tm, "create", payload, "-o", torrent, "-a", ANNOUNCE, "-l", `${pieceLength}`, "-q"],
  ],
};

export const MKTORRENT: Creator = {
  name: "mktorrent",
  version: async () =>
    (await firstLine(["dpkg-query", "-W", "-f", "${Version}", "mktorrent"])) || null,
  command: (payload, torrent, pieceLength) => [
    "mktorrent",
    "-t",
    `${navigator.hardwareConcurrency}`,
    "-l",
    `${Math.log2(pieceLength)}`,
    ...["-a", ANNOUNCE, "-o", torrent, payload],
  ],
};
