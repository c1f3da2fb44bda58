import { ALONE, ARIA2, LIBTORRENT, type Program, PYTHON, pythonScript, TM } from "./program.ts";

/** A program that downloads a torrent and then exits. */
export interface Downloader extends Program {
  /** Downloads `torrent` into `folder`, which exists; `peer` is a seeder's HOST:PORT. */
  command(torrent: string, folder: string, tm: string, peer?: string): readonly string[];
}

export const TM_GET: Downloader = {
  ...TM,
  command: (torrent, folder, tm) => [
    ...[tm, "get", torrent, "-d", folder, "--listen-port", "0", "-q", ...ALONE],
  ],
};

/** It is told of the peer, and need not wait for a tracker. */
export const TM_GET_PEER: Downloader = {
  name: "tm --peer",
  version: () => Promise.resolve(null),
  command: (torrent, folder, tm, peer = "") => [
    ...TM_GET.command(torrent, folder, tm),
    ...["--peer", peer],
  ],
};

export const LIBTORRENT_GET: Downloader = {
  ...LIBTORRENT,
  command: (torrent, folder) => [PYTHON, pythonScript("libtorrent_get.py"), torrent, folder],
};

/** The same over uTP alone. */
export const TM_GET_UTP: Downloader = {
  ...TM,
  command: (torrent, folder, tm) => [...TM_GET.command(torrent, folder, tm), "--no-tcp"],
};

export const LIBTORRENT_GET_UTP: Downloader = {
  ...LIBTORRENT,
  command: (torrent, folder) => [
    ...[PYTHON, pythonScript("libtorrent_get.py"), torrent, folder, "0", "utp"],
  ],
};

/** The same over TCP, encrypted to the last byte. */
export const TM_GET_RC4: Downloader = {
  ...TM,
  command: (torrent, folder, tm) => [
    ...TM_GET.command(torrent, folder, tm),
    ...["--encryption", "require"],
  ],
};

export const LIBTORRENT_GET_RC4: Downloader = {
  ...LIBTORRENT,
  command: (torrent, folder) => [
    ...[PYTHON, pythonScript("libtorrent_get.py"), torrent, folder, "0", "rc4"],
  ],
};

export const ARIA2_GET: Downloader = {
  ...ARIA2,
  command: (torrent, folder) => [
    "aria2c",
    "--no-conf=true",
    `--dir=${folder}`,
    // Ends when it is complete.
    "--seed-time=0",
    // Sparse files, like the others.
    "--file-allocation=none",
    "--enable-dht=false",
    "--enable-dht6=false",
    "--bt-enable-lpd=false",
    "--enable-peer-exchange=false",
    "--disable-ipv6=true",
    "--summary-interval=0",
    "--console-log-level=error",
    torrent,
  ],
};
