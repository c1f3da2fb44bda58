import { UsageError } from "../../base/mod.ts";
import { isMagnet, parseRanges } from "../../metainfo/mod.ts";
import {
  type AddedTorrent,
  isTorrentManager,
  json,
  type JsonObject,
  RemoteError,
  type RemoteManager,
} from "../../remote/mod.ts";
import { command, type Context } from "../command.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { reportFailure } from "../failure.ts";
import { jsonLine } from "../json_line.ts";
import { FILE_HELP, selectFiles } from "../manager/choose_files.ts";
import { MANAGER_OPTIONS, type ManagerValues, withManager } from "../manager/connect.ts";
import { labelList } from "../manager/option_values.ts";
import { flag, option, type OptionTable, repeated, type Values } from "../option.ts";
import { choice, text } from "../option_values.ts";
import { loadWidths, printable } from "../printable.ts";
import { PROXY_OPTION, settleProxy } from "../proxy_option.ts";
import { isTorrentUrl, type Source } from "../source.ts";
import { firstFailure, readSources } from "../transfer_options.ts";

/** More than any torrent has. */
const MOST_FILES = 1_000_000;

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
  select: repeated({
    long: "select-file",
    placeholder: "FILE",
    read: text,
    help: "Only these files (may be repeated)",
  }),
  sequential: flag({ long: "sequential", help: "Pieces in order (tm daemon only)" }),
  proxy: { ...PROXY_OPTION, help: "Fetch URLs through socks5://… or http://…" },
} as const satisfies OptionTable;

/** `tm add SOURCE…` */
export const add = command({
  name: "add",
  summary: "Hand torrents to the manager",
  usage: "SOURCE…",
  about: "A SOURCE is as in tm get: a torrent file, its URL, -, a magnet link or an info\n" +
    "hash. Files and URLs are read here, by tm, and checked before they are sent:\n" +
    "a manager's own --proxy does not cover that, so give it here too.\n" +
    "A torrent that is there already stays as it is; that is no failure.\n\n" +
    `${FILE_HELP}\nOf a magnet link only numbers can be chosen, and only at a tm daemon.\n\n` +
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
    // of a magnet link the manager fetches what it leads to
    settleProxy(context, values, positionals.some(isTorrentUrl));
    const { proxy } = values;
    const { sources, results } = await readSources(context, positionals, undefined, proxy);
    if (sources.length === 0) return firstFailure(results, new Map());
    return await withManager(context, values, async (manager) => {
      await loadWidths(sources.map(({ name }) => name));
      const session = await manager.session();
      for (const source of sources) checkKnown(source, values, session);
      const outcomes = new Map<string, ExitCode>();
      for (const source of sources) {
        try {
          report(context, await addOne(manager, source, values, session));
        } catch (error) {
          if (!(error instanceof RemoteError) || error.fault !== "refused") throw error;
          const named = new CommandError(ExitCode.unknown, `${source.name}: ${error.message}`);
          outcomes.set(source.id, reportFailure(context.terminal, context.json, named));
        }
      }
      return firstFailure(results, outcomes);
    });
  },
});

type AddValues = Values<typeof OPTIONS> & ManagerValues;

async function addOne(
  manager: RemoteManager,
  source: Source,
  values: AddValues,
  session: JsonObject,
): Promise<AddedTorrent> {
  const level = { low: -1, normal: 0, high: 1 };
  const chooses = source.kind === "torrent" && values.select.length > 0;
  const added = await manager.add({
    ...parametersOf(source, values.select),
    ...(values.dir === undefined ? {} : { "download-dir": values.dir }),
    // files are chosen before the first byte is asked for
    ...(values.paused || chooses ? { paused: true } : {}),
    ...(values.priority === undefined ? {} : { bandwidthPriority: level[values.priority] }),
    ...(values.sequential ? { sequentialDownload: true } : {}),
  });
  if (added.duplicate) return added;
  const labels = values.labels.flat();
  if (labels.length > 0) await manager.act("torrent-set", [added.hash], { labels });
  if (chooses) await selectFiles(manager, added.hash, values.select);
  const starts = json.flag(session, "start-added-torrents", true);
  if (values.now && !values.paused) await manager.act("torrent-start-now", [added.hash]);
  else if (chooses && starts && !values.paused) await manager.act("torrent-start", [added.hash]);
  return added;
}

/** Managers pass over what they do not know. */
function checkKnown(source: Source, { select, sequential }: AddValues, session: JsonObject): void {
  const ours = isTorrentManager(session);
  if (sequential && !ours) {
    throw new UsageError("Expected a tm daemon for --sequential; this manager cannot do that");
  }
  if (source.kind === "torrent" || select.length === 0) return;
  if (!ours || select.some((each) => parseRanges(each, 1, MOST_FILES) === null)) {
    throw new UsageError(
      "The files of a magnet link are not known yet: add it, and choose with tm select later",
    );
  }
}

/** What the RPC takes for a torrent. */
function parametersOf(source: Source, select: readonly string[]): JsonObject {
  if (source.kind === "torrent") return { metainfo: source.torrent.toBase64() };
  const { given } = source;
  const link = isMagnet(given) ? given : `magnet:?xt=urn:btih:${given}`;
  // BEP 53 counts from 0
  const chosen = select.flatMap((each) => parseRanges(each, 1, MOST_FILES) ?? [])
    .map(({ from, to }) => `${from - 1}-${to - 1}`);
  return { filename: chosen.length === 0 ? link : `${link}&so=${chosen.join(",")}` };
}

function report(context: Context, added: AddedTorrent): void {
  const { id, hash, name, duplicate } = added;
  const { terminal, quiet } = context;
  if (context.json) {
    return terminal.print(jsonLine({ type: "added", torrent: hash, id, name, duplicate }));
  }
  if (quiet) return;
  const shown = `${id} ${printable(name)}`;
  terminal.print(duplicate ? `There already: ${shown}` : `Added ${shown}`);
}
