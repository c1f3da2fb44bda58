import { UsageError } from "../../base/mod.ts";
import { command } from "../command.ts";
import { checkFolder, existingFolder } from "../folder.ts";
import { loadIpFilter } from "../ip_filter.ts";
import { STDOUT } from "../stream_option.ts";
import {
  addOptions,
  engineOptions,
  firstFailure,
  readSources,
  seedGoal,
  TRANSFER_OPTIONS,
} from "../transfer_options.ts";
import { runTransfers } from "../transfers.ts";

/** `tm seed FILE…` */
export const seed = command({
  name: "seed",
  summary: "Serve torrents whose files are all there",
  usage: "FILE…",
  about: "Serves until Ctrl-C, or until --seed-time or --seed-ratio is reached.\n" +
    "Nothing is downloaded: when something is missing or damaged, tm says so and\n" +
    "exits with 7 (tm verify tells what it is).",
  completes: "file",
  options: TRANSFER_OPTIONS,
  examples: [
    ["tm seed a.torrent", "Serve ./downloads"],
    ["tm seed -d /data --max-upload-limit 1M a.torrent b.torrent", "Two, 1 MiB/s together"],
    ["tm seed --super-seed new.torrent", "The first seed, with little upload"],
  ],
  async run(context, values, positionals) {
    if (values.out === STDOUT) {
      throw new UsageError("Expected a name after -o, only tm get writes to standard output");
    }
    checkFolder(context.env, values.dir, "write");
    const ipFilter = await loadIpFilter(context, values.ipFilter);
    const { sources, results } = await readSources(context, positionals, values.out);
    if (sources.length === 0) return firstFailure(results, new Map());
    const folder = await existingFolder(context.env, values.dir);
    const options = {
      ...addOptions(values),
      seedOnly: true,
      seed: seedGoal(values) ?? { minutes: null, ratio: null },
    };
    const engine = engineOptions(context, values, folder, {
      downloadLimit: 0,
      stallTimeout: 0,
      ipFilter,
    });
    const outcomes = await runTransfers(context, {
      folder: values.dir,
      engine,
      torrents: sources.map((source) => ({ source, options })),
    });
    return firstFailure(results, outcomes);
  },
});
