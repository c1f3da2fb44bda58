import { ALONE, ARIA2, type Program, TM } from "./program.ts";

/** A program that fetches what a magnet link leads to, saves the torrent and exits. */
export interface MetadataFetcher extends Program {
  /** The torrent file goes into `folder`, which exists. */
  readonly command: (magnet: string, folder: string, tm: string) => readonly string[];
}

export const TM_INFO: MetadataFetcher = {
  ...TM,
  command: (magnet, folder, tm) => [tm, "info", "--save-torrent", magnet, "-d", folder, ...ALONE],
};

export const ARIA2_METADATA: MetadataFetcher = {
  ...ARIA2,
  command: (magnet, folder) => [
    "aria2c",
    "--no-conf=true",
    `--dir=${folder}`,
    "--bt-metadata-only=true",
    "--bt-save-metadata=true",
    "--enable-dht=false",
    "--enable-dht6=false",
    "--bt-enable-lpd=false",
    "--summary-interval=0",
    "--console-log-level=error",
    magnet,
  ],
};
