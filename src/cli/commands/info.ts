import { UsageError } from "../../base/mod.ts";
import type { Metainfo } from "../../metainfo/mod.ts";
import { command } from "../command.ts";
import type { Scraped } from "../environment.ts";
import { ExitCode } from "../exit_codes.ts";
import { reportFailure } from "../failure.ts";
import { flag } from "../option.ts";
import { jsonLine } from "../json_line.ts";
import { printable } from "../printable.ts";
import { readSource, type Source } from "../source.ts";
import { renderTable } from "../table.ts";
import { formatCount, formatSize } from "../units.ts";

/** `tm info FILE…` */
export const info = command({
  name: "info",
  summary: "Show what a torrent holds",
  usage: "FILE…",
  about: "A FILE may also be an http or https URL, or - for standard input.",
  completes: "file",
  options: {
    scrape: flag({ long: "scrape", help: "Ask its trackers for seeds and downloaders" }),
  },
  examples: [
    ["tm info a.torrent", "Name, info hash, trackers and files"],
    ["tm info --json a.torrent", "The same for programs"],
    ["tm info --scrape a.torrent", "And how many take part in it"],
  ],
  async run({ env, terminal, json, quiet }, values, positionals) {
    if (positionals.length === 0) throw new UsageError("Expected a torrent file, got nothing");
    let code: ExitCode = ExitCode.ok;
    for (const [i, given] of positionals.entries()) {
      try {
        const source = await readSource(env, given);
        const { trackers, infoHash } = source.metainfo;
        const scraped = values.scrape ? await env.scrapeTrackers(trackers.flat(), infoHash) : null;
        if (json) {
          terminal.print(jsonLine({ ...toJson(source), ...scraped && { scrape: scraped } }));
        } else if (!quiet) {
          if (i > 0) terminal.print("");
          for (const line of describe(source, scraped, terminal.columns)) terminal.print(line);
        }
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) throw error;
        const failure = reportFailure(terminal, json, error);
        if (code === ExitCode.ok) code = failure;
      }
    }
    return code;
  },
});

function toJson({ id, metainfo }: Source) {
  const { name, totalLength, pieceLength, isPrivate, trackers, webseeds, comment } = metainfo;
  return {
    type: "torrent",
    torrent: id,
    name,
    size: totalLength,
    pieces: pieceCount(metainfo),
    pieceLength,
    private: isPrivate,
    created: metainfo.creationDate,
    createdBy: metainfo.createdBy,
    comment,
    trackers,
    webseeds,
    files: metainfo.files.filter(({ pad }) => !pad).map(({ path, length }) => ({
      path: path.join("/"),
      size: length,
    })),
  };
}

function describe(
  { id, metainfo }: Source,
  scraped: readonly Scraped[] | null,
  columns: number | null,
): string[] {
  const files = metainfo.files.filter(({ pad }) => !pad);
  const facts: [string, string][] = [
    ["Name", metainfo.name],
    ["Info hash", id],
    ["Size", `${formatSize(metainfo.totalLength)} (${metainfo.totalLength} bytes)`],
    ["Pieces", `${pieceCount(metainfo)} of ${formatSize(metainfo.pieceLength)}`],
    ["Private", metainfo.isPrivate ? "yes" : "no"],
  ];
  const created = [dateText(metainfo.creationDate), byText(metainfo.createdBy)].filter(Boolean);
  if (created.length > 0) facts.push(["Created", created.join(" ")]);
  if (metainfo.comment !== null) facts.push(["Comment", metainfo.comment]);
  for (const [i, tier] of metainfo.trackers.entries()) {
    for (const [j, url] of tier.entries()) {
      facts.push([j === 0 ? `Tracker ${i + 1}` : "", url]);
      const counts = scraped?.find((each) => each.url === url);
      if (counts !== undefined) facts.push(["", `  ${countsText(counts)}`]);
    }
  }
  for (const url of metainfo.webseeds) facts.push(["Web seed", url]);
  const longest = Math.max(...facts.map(([label]) => label.length));
  return [
    ...facts.map(([label, value]) => `${label.padEnd(longest)}  ${printable(value)}`),
    "",
    ...renderTable(
      [{ title: "Size", side: "right" }, { title: "File", shrinks: true }],
      files.map(({ path, length }) => [formatSize(length), path.join("/")]),
      columns,
    ),
  ];
}

/** `3 seeding, 2 downloading, downloaded 10 times`, without what the tracker does not tell. */
function countsText({ seeders, leechers, downloads, message }: Scraped): string {
  const counts = [
    seeders === null ? "" : `${seeders} seeding`,
    leechers === null ? "" : `${leechers} downloading`,
    downloads === null ? "" : `downloaded ${formatCount(downloads, "time")}`,
  ].filter((text) => text !== "");
  return message ?? (counts.join(", ") || "it tells no counts");
}

function pieceCount({ pieceHashes }: Metainfo): number {
  return pieceHashes.length / 20;
}

function dateText(seconds: number | null): string {
  const date = new Date((seconds ?? NaN) * 1000);
  if (Number.isNaN(date.getTime())) return "";
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function byText(program: string | null): string {
  return program === null ? "" : `by ${program}`;
}
