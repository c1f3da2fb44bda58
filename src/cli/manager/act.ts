/** What commands that do something to torrents have in common: whom it concerns, and saying that it is done. */
import type { TorrentName } from "../../remote/mod.ts";
import type { Context } from "../command.ts";
import { jsonLine } from "../json_line.ts";
import { loadWidths, printable } from "../printable.ts";

/** Torrents that are named one by one. */
const NAMED = 10;

/** Says what was done, `Paused 3 debian.iso`; in JSON an object `{type, torrent, id, name}` for each. */
export async function reportDone(
  { terminal, json, quiet }: Context,
  type: string,
  done: string,
  torrents: readonly TorrentName[],
): Promise<void> {
  if (json) {
    for (const { id, hash, name } of torrents) {
      terminal.print(jsonLine({ type, torrent: hash, id, name }));
    }
    return;
  }
  if (quiet) return;
  if (torrents.length === 0) return terminal.print("No torrents");
  if (torrents.length > NAMED) return terminal.print(`${done} ${torrents.length} torrents`);
  await loadWidths(torrents.map(({ name }) => name));
  for (const { id, name } of torrents) terminal.print(`${done} ${id} ${printable(name)}`);
}

/** The info hashes, as the RPC takes them. */
export function hashesOf(torrents: readonly TorrentName[]): string[] {
  return torrents.map(({ hash }) => hash);
}
