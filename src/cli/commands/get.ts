import { UsageError } from "../../base/mod.ts";
import { command, type Context } from "../command.ts";
import type { ExitCode } from "../exit_codes.ts";
import { FILE_OPTIONS, fileRules } from "../file_options.ts";
import { checkFolder, DEFAULT_FOLDER, openFolder } from "../folder.ts";
import { loadIpFilter } from "../ip_filter.ts";
import { flag, option, type OptionTable, repeated, type Values } from "../option.ts";
import { bytes, choice, seconds, webseedUrl } from "../option_values.ts";
import { PROXY_OPTION, settleProxy } from "../proxy_option.ts";
import { refuseFileOptions, STDOUT } from "../stream_option.ts";
import {
  addOptions,
  engineOptions,
  firstFailure,
  readSources,
  seedGoal,
  TRANSFER_OPTIONS,
} from "../transfer_options.ts";
import { runTransfers } from "../transfers.ts";

const OPTIONS = {
  ...TRANSFER_OPTIONS,
  proxy: PROXY_OPTION,
  downloadLimit: option({
    long: "max-download-limit",
    aliases: ["limit-rate"],
    placeholder: "SPEED",
    read: bytes,
    help: "Receive at most this a second, a torrent",
  }, 0),
  overallDownloadLimit: option({
    long: "max-overall-download-limit",
    placeholder: "N",
    read: bytes,
    help: "The same for all torrents together",
  }, 0),
  maxTotal: option({
    long: "max-total",
    placeholder: "SIZE",
    read: bytes,
    help: "End once so much was received in all",
  }, 0),
  webseeds: repeated({
    long: "webseed",
    placeholder: "URL",
    read: webseedUrl,
    help: "A web server with the files (repeatable)",
  }),
  noWebseeds: flag({ long: "no-webseed", help: "Ask no web servers that torrents name" }),
  stallTimeout: option({
    long: "stall-timeout",
    placeholder: "SECONDS",
    read: seconds,
    help: "Give up without data (300; 0: never)",
  }, 300),
  overwrite: flag({
    long: "allow-overwrite",
    help: "Overwrite files that hold something else",
  }),
  ...FILE_OPTIONS,
  reserve: option({
    long: "reserve",
    placeholder: "SIZE",
    read: bytes,
    help: "Start only where so much stays free",
  }, 0),
  preallocate: flag({ long: "preallocate", help: "Write files at full length first" }),
  allocation: option({
    long: "file-allocation",
    placeholder: "METHOD",
    complete: ["none", "trunc", "prealloc", "falloc"],
    read: choice(["none", "trunc", "prealloc", "falloc"]),
    hidden: true,
    help: "As in aria2",
  }),
  resume: flag({ long: "continue", short: "c", hidden: true, help: "Resuming is always on" }),
} as const satisfies OptionTable;

/** `tm get SOURCE…` */
export const get = command({
  name: "get",
  summary: "Download torrents",
  usage: "SOURCE…",
  about: "A SOURCE is a torrent file, its http or https URL, - for standard input, a\n" +
    "magnet link or a bare info hash; of these two the rest comes from peers.\n" +
    "Several run side by side. A download that was stopped goes on where it was.\n" +
    "With -o - one torrent goes to standard output in order and nothing to disk: a\n" +
    "single file as it is, a folder as a tar archive.\n" +
    "FILES are numbers of tm info, or a pattern for names ('*.mkv') or for paths\n" +
    "below the torrent's folder ('extras/**'); capitals and small letters are alike.\n" +
    "Ctrl-C stops gently, a second one at once.\n\n" +
    "Exit codes: 0 complete, 2 no data or metadata for too long, 3 no such source,\n" +
    "6 not fetched, 7 stopped, 9 disk full, 12 another tm has it, 13 a file is in the\n" +
    "way, 16 and 17 cannot create or open, 25 and 26 not a torrent, 27 not a magnet\n" +
    "link, 28 bad option, 33 denied.\n" +
    "With several sources: that of the first one listed that failed.",
  completes: "file",
  options: OPTIONS,
  examples: [
    ["tm get debian.torrent", "Download into ./downloads and exit when complete"],
    ["tm get -d /data --seed-ratio 1 a.torrent b.torrent", "Two at once, seeding each once"],
    ["tm get --limit-rate 2M https://example.org/a.torrent", "At most 2 MiB a second"],
    ["tm get 'magnet:?xt=urn:btih:…&tr=…'", "A magnet link, in quotes because of its &"],
    ["tm get --json - < a.torrent", "From standard input, events as JSON"],
    ["tm get --exclude '*.{nfo,txt}' --priority high=1 a.torrent", "Some of it, and what first"],
    ["tm get -o - film.torrent | mpv -", "Watch while it comes, nothing on disk"],
    ["tm get -o - photos.torrent | tar x -C dir", "A folder, unpacked by tar"],
  ],
  run(context, values, positionals) {
    settleProxy(context, values);
    return values.out === STDOUT
      ? stream({ ...context, terminal: context.terminal.onStderr() }, values, positionals)
      : download(context, values, positionals);
  },
});

type GetValues = Values<typeof OPTIONS>;

/** Into the folder. */
async function download(
  context: Context,
  values: GetValues,
  positionals: readonly string[],
): Promise<ExitCode> {
  checkFolder(context.env, values.dir, "write");
  const rules = fileRules(values, positionals.length);
  const ipFilter = await loadIpFilter(context, values.ipFilter);
  const { sources, results } = await readSources(context, positionals, values.out, values.proxy);
  if (sources.length === 0) return firstFailure(results, new Map());
  const folder = await openFolder(context.env, values.dir);
  const options = {
    ...addOptions(values),
    downloadLimit: values.downloadLimit,
    webseeds: values.webseeds,
    overwrite: values.overwrite,
    ...(values.reserve > 0 ? { reserve: values.reserve } : {}),
    preallocate: values.preallocate || values.allocation?.endsWith("alloc") === true,
    sequential: values.sequential,
    firstLast: values.firstLast,
    ...rules,
    seed: seedGoal(values),
  };
  const outcomes = await runTransfers(context, {
    folder: values.dir,
    engine: engineOptions(context, values, folder, { ...forAll(values), ipFilter }),
    torrents: sources.map((source) => ({ source, options })),
  });
  return firstFailure(results, outcomes);
}

/** To standard output. */
async function stream(
  context: Context,
  values: GetValues,
  positionals: readonly string[],
): Promise<ExitCode> {
  refuseFileOptions({
    "-d": values.dir !== DEFAULT_FOLDER,
    "--check": values.check,
    "--allow-overwrite": values.overwrite,
    "--preallocate": values.preallocate,
    "--reserve": values.reserve > 0,
    "--file-allocation": values.allocation?.endsWith("alloc") === true,
    "--super-seed": values.superSeed,
    "--save-torrent": values.saveTorrent,
    "--first-last": values.firstLast,
    "--seed-time": values.seedMinutes !== undefined,
    "--seed-ratio": values.seedRatio !== undefined,
  });
  if (context.env.stdout.isTerminal) {
    throw new UsageError(
      "Refused to write the data to a terminal; pipe it or send it to a file with >",
    );
  }
  const rules = fileRules(values, positionals.length);
  const ipFilter = await loadIpFilter(context, values.ipFilter);
  const { sources, results } = await readSources(context, positionals, values.out, values.proxy);
  if (sources.length === 0) return firstFailure(results, new Map());
  const { downloadLimit, webseeds } = values;
  const options = { ...addOptions(values), downloadLimit, webseeds, ...rules, seed: null };
  const outcomes = await runTransfers(context, {
    folder: null,
    engine: engineOptions(context, values, null, { ...forAll(values), ipFilter }),
    torrents: sources.map((source) => ({ source, options })),
  });
  return firstFailure(results, outcomes);
}

/** What of the options is for all torrents together. */
function forAll(values: GetValues) {
  return {
    downloadLimit: values.overallDownloadLimit,
    ...(values.maxTotal > 0 ? { budget: values.maxTotal } : {}),
    stallTimeout: values.stallTimeout,
    proxy: values.proxy ?? null,
    webseeds: !values.noWebseeds,
  };
}
