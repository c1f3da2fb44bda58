import { isMagnet } from "../../metainfo/mod.ts";
import type { AddedTorrent, JsonObject, RemoteManager } from "../../remote/mod.ts";
import { command, type Context } from "../command.ts";
import { jsonLine } from "../json_line.ts";
import { MANAGER_OPTIONS, type ManagerValues, withManager } from "../manager/connect.ts";
import { labelList } from "../manager/option_values.ts";
import { flag, option, type OptionTable, repeated, type Values } from "../option.ts";
import { choice, text } from "../option_values.ts";
import { loadWidths, printable } from "../printable.ts";
import type { Source } from "../source.ts";
import { firstFailure, readSources } from "../transfer_options.ts";

const OPTIONS = {
  ...MANAGER_OPTIONS,
  dir: option({
    long: "dir",
    short: "d",
    placeholder: "DIR",
    read: text,
    help: "Where the manager puts the files",
  }),
  paused: flag({ long: "paused", help: "Add, but do not start" }),
  labels: repeated({
    long: "label",
    placeholder: "NAME,…",
    read: labelList,
    help: "Labels to give (may be repeated)",
  }),
  priority: option({
    long: "priority",
    placeholder: "LEVEL",
    complete: ["low", "normal", "high"],
    read: choice(["low", "normal", "high"] as const),
    help: "Who comes first: low, normal or high",
  }),
  now: flag({ long: "now", help: "Start past the queue" }),
} as const satisfies OptionTable;

/** `tm add SOURCE…` */
export const add = command({
  name: "add",
  summary: "Hand torrents to the manager",
  usage: "SOURCE…",
  about: "A SOURCE is as in tm get: a torrent file, its URL, -, a magnet link or an info\n" +
    "hash. Files and URLs are read here, by tm, and checked before they are sent.\n" +
    "A torrent that is there already stays as it is; that is no failure.\n\n" +
    "Exit codes: those of tm get for a source that cannot be used, 6 no manager,\n" +
    "24 it wants a name and a password.",
  completes: "file",
  options: OPTIONS,
  examples: [
    ["tm add debian.torrent", "To the manager on this machine"],
    ["tm add -d linux --label iso 'magnet:?xt=urn:btih:…'", "Into a folder of its own"],
    ["tm add --paused --host 192.168.1.5:9091 *.torrent", "Many, elsewhere"],
  ],
  async run(context, values, positionals) {
    // read first: once the manager is asked, files are out of reach
    const { sources, results } = await readSources(context, positionals, undefined);
    if (sources.length === 0) return firstFailure(results, new Map());
    return await withManager(context, values, async (manager) => {
      await loadWidths(sources.map(({ name }) => name));
      for (const source of sources) report(context, await addOne(manager, source, values));
      return firstFailure(results, new Map());
    });
  },
});

type AddValues = Values<typeof OPTIONS> & ManagerValues;

async function addOne(
  manager: RemoteManager,
  source: Source,
  values: AddValues,
): Promise<AddedTorrent> {
  const level = { low: -1, normal: 0, high: 1 };
  const added = await manager.add({
    ...parametersOf(source),
    ...(values.dir === undefined ? {} : { "download-dir": values.dir }),
    ...(values.paused ? { paused: true } : {}),
    ...(values.priority === undefined ? {} : { bandwidthPriority: level[values.priority] }),
  });
  if (added.duplicate) return added;
  const labels = values.labels.flat();
  if (labels.length > 0) await manager.act("torrent-set", [added.hash], { labels });
  if (values.now && !values.paused) await manager.act("torrent-start-now", [added.hash]);
  return added;
}

/** What the RPC takes for a torrent. */
function parametersOf(source: Source): JsonObject {
  if (source.kind === "torrent") return { metainfo: source.torrent.toBase64() };
  const { given } = source;
  return { filename: isMagnet(given) ? given : `magnet:?xt=urn:btih:${given}` };
}

function report({ terminal, json, quiet }: Context, added: AddedTorrent): void {
  const { id, hash, name, duplicate } = added;
  if (json) return terminal.print(jsonLine({ type: "added", torrent: hash, id, name, duplicate }));
  if (quiet) return;
  const shown = `${id} ${printable(name)}`;
  terminal.print(duplicate ? `There already: ${shown}` : `Added ${shown}`);
}
