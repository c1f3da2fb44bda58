import { fromFileUrl } from "@std/path";
import { run } from "../../tests/interop/harness/run.ts";

/** A program that downloads a torrent and then exits. */
export interface Downloader {
  readonly name: string;
  /** Downloads `torrent` into `folder`, which exists. `tm` is the binary under test. */
  command(torrent: string, folder: string, tm: string): readonly string[];
  version(tm: string): Promise<string>;
}

const PYTHON = "/usr/bin/python3";

const tm: Downloader = {
  name: "tm",
  command: (torrent, folder, tm) => [
    ...[tm, "get", torrent, "-d", folder, "--listen-port", "0", "-q"],
  ],
  version: (tm) => firstLine([tm, "--version"]),
};

const libtorrent: Downloader = {
  name: "libtorrent",
  command: (torrent, folder) => {
    const script = fromFileUrl(new URL("python/libtorrent_get.py", import.meta.url));
    return [PYTHON, script, torrent, folder];
  },
  version: () => firstLine([PYTHON, "-c", "import libtorrent; print(libtorrent.version)"]),
};

const aria2: Downloader = {
  name: "aria2",
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
  version: () => firstLine(["aria2c", "--version"]),
};

/** The one the others are compared with is libtorrent. */
export const BASELINE = libtorrent.name;
export const DOWNLOADERS: readonly Downloader[] = [tm, libtorrent, aria2];

async function firstLine(command: readonly string[]): Promise<string> {
  return (await run(command)).split("\n")[0]?.trim() ?? "";
}
