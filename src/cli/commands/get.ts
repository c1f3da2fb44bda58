import { command } from "../command.ts";
import { checkFolder, openFolder } from "../folder.ts";
import { flag, option, type OptionTable } from "../option.ts";
import { bytes, choice, seconds } from "../option_values.ts";
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
  downloadLimit: option({
    long: "max-download-limit",
    aliases: ["limit-rate"],
    placeholder: "SPEED",
    read: bytes,
    help: "Receive at most this a second, as 500K or 2M",
  }, 0),
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
  about: "A SOURCE is a torrent file, its http or https URL, or - for standard input.\n" +
    "Several run side by side. A download that was stopped goes on where it was.\n" +
    "Ctrl-C stops gently, a second one at once.\n\n" +
    "Exit codes: 0 complete, 2 no data for too long, 3 no such source, 6 not\n" +
    "fetched, 7 stopped, 9 disk full, 12 another tm has it, 13 a file is in the way,\n" +
    "16 and 17 cannot create or open, 25 and 26 not a torrent, 28 bad option.\n" +
    "With several sources: that of the first one listed that failed.",
  completes: "file",
  options: OPTIONS,
  examples: [
    ["tm get debian.torrent", "Download into ./downloads and exit when complete"],
    ["tm get -d /data --seed-ratio 1 a.torrent b.torrent", "Two at once, seeding each once"],
    ["tm get --limit-rate 2M https://example.org/a.torrent", "At most 2 MiB a second"],
    ["tm get --json - < a.torrent", "From standard input, events as JSON"],
  ],
  async run(context, values, positionals) {
    checkFolder(context.env, values.dir, "write");
    const { sources, results } = await readSources(context, positionals, values.out);
    if (sources.length === 0) return firstFailure(results, new Map());
    const folder = await openFolder(context.env, values.dir);
    const options = {
      ...addOptions(values),
      overwrite: values.overwrite,
      preallocate: values.preallocate || values.allocation?.endsWith("alloc") === true,
      seed: seedGoal(values),
    };
    const outcomes = await runTransfers(context, {
      folder: values.dir,
      engine: engineOptions(context, values, folder, values),
      torrents: sources.map((source) => ({ source, options })),
    });
    return firstFailure(results, outcomes);
  },
});
