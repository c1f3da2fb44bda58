/** Commands that show a list of each torrent they are given. */
import type { JsonObject, TorrentName } from "../../remote/mod.ts";
import { NAME_FIELDS, readName, type RemoteManager } from "../../remote/mod.ts";
import { type Command, command, type Context, type Example } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { loadWidths, printable } from "../printable.ts";
import { hashesOf } from "./act.ts";
import { MANAGER_OPTIONS, withManager } from "./connect.ts";
import { ID_HELP, selectTorrents } from "./select_torrents.ts";
import { showTable, type TableStyle } from "./show_table.ts";

/** A command `tm NAME ID…` that shows a list. */
export interface DetailDescription<T> {
  readonly name: string;
  readonly summary: string;
  readonly about: string;
  readonly examples: readonly Example[];
  readonly list: DetailList<T>;
}

/** What is asked for and how it looks. */
export interface DetailList<T> {
  /** The fields of the RPC. */
  readonly fields: readonly string[];
  readonly read: (torrent: JsonObject) => readonly T[];
  /** The `type` in JSON. */
  readonly type: string;
  /** `now` is in seconds since 1970. */
  readonly style: (now: number) => TableStyle<T>;
  /** A line below, null: none. */
  readonly sum: (items: readonly T[]) => string | null;
}

/** Makes such a command. */
export function detailCommand<T extends object>(about: DetailDescription<T>): Command {
  return command({
    ...about,
    usage: "ID…",
    about: `${about.about}\n\n${ID_HELP}\nExits with 3 when there is no such torrent.`,
    completes: "nothing",
    options: MANAGER_OPTIONS,
    run: (context, values, positionals) =>
      withManager(context, values, async (manager) => {
        await showDetails(context, manager, await selectTorrents(manager, positionals), about.list);
        return ExitCode.ok;
      }),
  });
}

/** Shows the lists of torrents, under their names when there are several. */
export async function showDetails<T extends object>(
  context: Context,
  manager: RemoteManager,
  chosen: readonly TorrentName[],
  list: DetailList<T>,
): Promise<void> {
  const { terminal, json, quiet, env } = context;
  if (chosen.length === 0) return;
  const torrents = await manager.torrents(
    [...NAME_FIELDS, ...list.fields],
    hashesOf(chosen),
    (torrent) => ({ ...readName(torrent), items: list.read(torrent) }),
  );
  if (json) {
    for (const { hash, items } of torrents) {
      for (const item of items) {
        terminal.print(jsonLine({ type: list.type, torrent: hash, ...item }));
      }
    }
    return;
  }
  const style = list.style(env.clock.date());
  for (const [i, { id, name, items }] of torrents.entries()) {
    if (torrents.length > 1) {
      await loadWidths([name]);
      terminal.print(`${i > 0 ? "\n" : ""}${id} ${printable(name)}`);
    }
    if (items.length > 0) await showTable(context, style, items);
    const sum = list.sum(items);
    if (sum !== null && !quiet) terminal.print(items.length > 0 ? `\n${sum}` : sum);
  }
}
