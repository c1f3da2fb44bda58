import { ARIA2_GET, LIBTORRENT_GET, TM_GET } from "./downloaders.ts";
import { ARIA2, LIBTORRENT, type Program, TM } from "./program.ts";

/** What there is to download. */
export interface WebSource {
  /** Names the server as a webseed. */
  readonly torrent: string;
  /** Its one file on the server. */
  readonly url: string;
  /** Where it is to go; it exists. */
  readonly folder: string;
  /** The binary under test. */
  readonly tm: string;
}

/** A program that downloads a file from a web server and then exits. */
export interface WebDownloader extends Program {
  command(source: WebSource): readonly string[];
}

/** The server is on loopback, so it has to be typed. */
export const TM_WEB: WebDownloader = {
  ...TM,
  command: ({ torrent, url, folder, tm }) => [
    ...TM_GET.command(torrent, folder, tm),
    ...["--webseed", url],
  ],
};

export const LIBTORRENT_WEB: WebDownloader = {
  ...LIBTORRENT,
  command: ({ torrent, folder, tm }) => LIBTORRENT_GET.command(torrent, folder, tm),
};

export const ARIA2_WEB: WebDownloader = {
  ...ARIA2,
  command: ({ torrent, folder, tm }) => ARIA2_GET.command(torrent, folder, tm),
};

/** The file itself over one connection, without the torrent: nothing is hashed. */
export const ARIA2_PLAIN: WebDownloader = {
  name: "aria2 by URL",
  version: () => Promise.resolve(null),
  command: ({ url, folder }) => [
    "aria2c",
    "--no-conf=true",
    `--dir=${folder}`,
    "--file-allocation=none",
    "--summary-interval=0",
    "--console-log-level=error",
    url,
  ],
};
