import { fromFileUrl } from "@std/path";
import { run } from "../../../tests/interop/harness/run.ts";

/** A program that is measured, or beside which it is. */
export interface Program {
  readonly name: string;
  /** Null: nothing to add to the others'. `tm` is the binary under test. */
  version(tm: string): Promise<string | null>;
}

/** Debian's, which has the libtorrent module. */
export const PYTHON = "/usr/bin/python3";

/** Path of a script in `python/`. */
export function pythonScript(name: string): string {
  return fromFileUrl(new URL(`../python/${name}`, import.meta.url));
}

/** The DHT is on, as it is for everybody, and knows a node that is not there, instead of those of the world. */
export const ALONE = ["--dht-node", "127.0.0.1:9", "--no-lsd"] as const;

export const TM: Program = { name: "tm", version: (tm) => firstLine([tm, "--version"]) };

export const LIBTORRENT: Program = {
  name: "libtorrent",
  version: () => firstLine([PYTHON, "-c", "import libtorrent; print(libtorrent.version)"]),
};

export const ARIA2: Program = { name: "aria2", version: () => firstLine(["aria2c", "--version"]) };

/** The first line a command prints. */
export async function firstLine(command: readonly string[]): Promise<string> {
  return (await run(command)).split("\n")[0]?.trim() ?? "";
}
