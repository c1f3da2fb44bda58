import { LIBTORRENT, type Program, PYTHON, pythonScript, TM } from "./program.ts";

/** A program that hashes the payload in `folder` against a torrent, and exits with 0 when all is there. */
export interface Checker extends Program {
  command(torrent: string, folder: string, tm: string): readonly string[];
}

export const TM_VERIFY: Checker = {
  ...TM,
  command: (torrent, folder, tm) => [tm, "verify", torrent, "-d", folder, "-q"],
};

export const LIBTORRENT_CHECK: Checker = {
  ...LIBTORRENT,
  command: (torrent, folder) => [PYTHON, pythonScript("libtorrent_check.py"), torrent, folder],
};
