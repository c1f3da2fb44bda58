import { UsageError } from "../../base/mod.ts";
import type { TorrentSummary } from "../../remote/mod.ts";
import { command, type Context } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { COLUMN_NAMES, comparing, LIST_COLUMNS, type ListColumn } from "../manager/columns.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { type Filter, FILTER_WORDS, parseFilter } from "../manager/filter.ts";
import { chooseSummaries, ID_HELP } from "../manager/select_torrents.ts";
import { showTable } from "../manager/show_table.ts";
import { stateWord } from "../manager/state_words.ts";
import { flag, option, type Reader, repeated } from "../option.ts";
import { choice } from "../option_values.ts";
import { formatCount, formatRate } from "../units.ts";

const columnList: Reader<readonly ListColumn[]> = (value, name) =>
  value.split(",").map((each) => {
    const column = LIST_COLUMNS.find((known) => known.name === each);
    if (column !== undefined) return column;
    throw new UsageError(`Expected of ${COLUMN_NAMES.join(",")} after ${name}, got "${value}"`);
  });

/** `tm list` */
export const list = command({
  name: "list",
  summary: "Show its torrents",
  usage: "[ID…]",
  about: "A wide terminal has more columns. K, M, G are powers of 1024. -q leaves out\n" +
    "titles and sums.\n\n" +
    "A FILTER is a part of the name (with * for anything), label:NAME, or one of\n" +
    `${wrapWords(FILTER_WORDS)};\nof several, all must hold.\n\n` +
    ID_HELP,
  completes: "nothing",
  options: {
    ...MANAGER_OPTIONS,
    filter: repeated<Filter>({
      long: "filter",
      short: "f",
      placeholder: "FILTER",
      complete: FILTER_WORDS,
      read: parseFilter,
      help: "Only these (may be repeated)",
    }),
    sort: option({
      long: "sort",
      short: "s",
      placeholder: "COLUMN",
      complete: COLUMN_NAMES,
      read: choice(COLUMN_NAMES),
      help: "In this order (id)",
    }, "id"),
    reverse: flag({ long: "reverse", short: "r", help: "The other way round" }),
    columns: option({
      long: "columns",
      placeholder: "NAME,…",
      read: columnList,
      help: `Of ${COLUMN_NAMES.slice(0, 7).join(" ")} …`,
    }),
  },
  examples: [
    ["tm list", "Everything"],
    ["tm list -f downloading --sort left", "What is ready first"],
    ["tm list -f label:linux -f '*iso*'", "By label and name"],
    ["tm list --host 192.168.1.5:9091 -n me:secret", "At another machine"],
    ["tm list --json is:error", "For scripts, an object a line"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const all = await manager.summaries();
      const meant = positionals.length === 0 ? all : chooseSummaries(all, positionals);
      const column = LIST_COLUMNS.find(({ name }) => name === values.sort)!;
      const torrents = meant
        .filter((torrent) => values.filter.every((filter) => filter(torrent)))
        .sort(comparing(column, values.reverse));
      if (context.json) printJson(context, torrents);
      else await print(context, torrents, values.columns);
      return ExitCode.ok;
    }),
});

function printJson({ terminal }: Context, torrents: readonly TorrentSummary[]): void {
  for (const { hash, ...rest } of torrents) {
    terminal.print(jsonLine({ type: "torrent", torrent: hash, ...rest }));
  }
}

async function print(
  context: Context,
  torrents: readonly TorrentSummary[],
  chosen: readonly ListColumn[] | undefined,
): Promise<void> {
  const { terminal, quiet } = context;
  if (torrents.length === 0) {
    if (!quiet) terminal.print("No torrents");
    return;
  }
  const isBad = ({ trouble }: TorrentSummary) => trouble !== "none";
  await showTable(context, { fields: chosen ?? LIST_COLUMNS, isBad }, torrents);
  if (!quiet) terminal.print(`\n${sums(torrents)}`);
}

/** `3 torrents: 1 downloading, 2 seeding; ↓ 1.2 MiB/s ↑ 0 B/s`. */
function sums(torrents: readonly TorrentSummary[]): string {
  const counts = new Map<string, number>();
  for (const torrent of torrents) {
    const word = stateWord(torrent);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const states = [...counts].sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${count} ${word}`).join(", ");
  const total = (rate: (torrent: TorrentSummary) => number) =>
    formatRate(torrents.reduce((sum, torrent) => sum + rate(torrent), 0));
  const rates = `↓ ${total(({ downRate }) => downRate)} ↑ ${total(({ upRate }) => upRate)}`;
  return `${formatCount(torrents.length, "torrent")}: ${states}; ${rates}`;
}

/** Words with commas, in lines of a help page. */
function wrapWords(words: readonly string[]): string {
  const half = Math.ceil(words.length / 2);
  return `${words.slice(0, half).join(", ")},\n${words.slice(half).join(", ")}`;
}
