import { join } from "@std/path";
import { UsageError } from "../../base/mod.ts";
import {
  encodeMagnet,
  geometryOf,
  type Metainfo,
  nameRules,
  safeComponent,
} from "../../metainfo/mod.ts";
import { command, type Context } from "../command.ts";
import type { Scraped } from "../environment.ts";
import { ExitCode } from "../exit_codes.ts";
import { reportFailure } from "../failure.ts";
import { fetchMetadata, ToldError } from "../fetch_metadata.ts";
import { checkFolder, DEFAULT_FOLDER, openFolder } from "../folder.ts";
import { jsonLine } from "../json_line.ts";
import { printable } from "../printable.ts";
import { flag, option, type Values } from "../option.ts";
import { text } from "../option_values.ts";
import { PROXY_OPTION, settleProxy } from "../proxy_option.ts";
import { isLocal, readSource, type Source, type TorrentSource, torrentSource } from "../source.ts";
import { renderTable } from "../table.ts";
import { networkOptions, TRANSFER_OPTIONS } from "../transfer_options.ts";
import { formatCount, formatSize } from "../units.ts";
import { hashesOf, rootsOf, versionJson } from "../version_facts.ts";

const { peers, connectTimeout, metadataTimeout, dht, dhtNodes, pex, lsd, ipv6 } = TRANSFER_OPTIONS;
const { tcp, utp, encryption } = TRANSFER_OPTIONS;
const SOURCES = { peers, metadataTimeout, connectTimeout, dht, dhtNodes, pex, lsd };
const NETWORK = { ...SOURCES, encryption, ipv6, tcp, utp };

/** `tm info SOURCE…` */
export const info = command({
  name: "info",
  summary: "Show what a torrent holds",
  usage: "SOURCE…",
  about: "A SOURCE is a torrent file, its http or https URL, - for standard input, a\n" +
    "magnet link or a bare info hash. Of these two peers are asked for the rest;\n" +
    "nothing is downloaded but the list of files, and nothing written unless\n" +
    "--save-torrent is given. Exits with 2 when nobody has it in time.",
  completes: "file",
  options: {
    scrape: flag({ long: "scrape", help: "Ask trackers and the DHT how many take part" }),
    dir: option({
      long: "dir",
      short: "d",
      placeholder: "DIR",
      complete: "folder",
      read: text,
      help: "Where --save-torrent puts it (./downloads)",
    }, DEFAULT_FOLDER),
    saveTorrent: flag({ long: "save-torrent", help: "Write NAME.torrent" }),
    ...NETWORK,
    proxy: PROXY_OPTION,
  },
  examples: [
    ["tm info a.torrent", "Name, info hash, trackers and files"],
    ["tm info --json a.torrent", "The same for programs"],
    ["tm info --scrape a.torrent", "And how many take part in it"],
    ["tm info 'magnet:?xt=urn:btih:…'", "What a magnet link leads to"],
  ],
  async run(context, values, positionals) {
    const { env, terminal, json, quiet } = context;
    if (positionals.length === 0) {
      throw new UsageError("Expected a torrent file or a magnet link, got nothing");
    }
    settleProxy(context, values, values.scrape || !positionals.every(isLocal));
    if (values.saveTorrent) checkFolder(env, values.dir, "write");
    let code: ExitCode = ExitCode.ok;
    for (const [i, given] of positionals.entries()) {
      try {
        const { proxy } = values;
        const read = await readSource(env, given, proxy);
        const source = await completeSource(context, values, read);
        const { trackers, infoHash, isPrivate } = source.metainfo;
        const scraped = values.scrape
          ? await env.scrapeTrackers(trackers.flat(), infoHash, {
            proxy,
            dht: isPrivate ? null : networkOptions(values).dht,
          })
          : null;
        if (json) {
          terminal.print(jsonLine({ ...toJson(source), ...scraped && { scrape: scraped } }));
        } else if (!quiet) {
          if (i > 0) terminal.print("");
          for (const line of describe(source, scraped, terminal.columns)) terminal.print(line);
        }
        if (values.saveTorrent) await saveTorrent(context, values.dir, source);
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) throw error;
        const told = error instanceof ToldError;
        const failure = told ? error.code : reportFailure(terminal, json, error);
        if (code === ExitCode.ok) code = failure;
      }
    }
    return code;
  },
});

/** A source with everything there is to know; of a magnet link peers have it. */
async function completeSource(
  context: Context,
  values: Values<typeof NETWORK & { proxy: typeof PROXY_OPTION }>,
  source: Source,
): Promise<TorrentSource> {
  if (source.kind === "torrent") return source;
  const torrent = await fetchMetadata(context, source, {
    peers: values.peers,
    timeout: values.metadataTimeout,
    connectTimeout: values.connectTimeout,
    network: networkOptions(values),
    proxy: values.proxy ?? null,
  });
  return await torrentSource(torrent, "What the link leads to");
}

/** Writes the torrent file into the folder; says where. */
async function saveTorrent(
  { env, terminal, json, quiet }: Context,
  dir: string,
  { torrent, name }: TorrentSource,
): Promise<void> {
  const folder = await openFolder(env, dir);
  const file = safeComponent(`${name}.torrent`, nameRules(Deno.build.os));
  await env.files.saveNew(join(folder, file), torrent);
  if (!json && !quiet) terminal.print(`\nSaved as ${printable(join(dir, file))}`);
}

function toJson({ id, metainfo }: TorrentSource) {
  const roots = rootsOf(metainfo);
  const { name, totalLength, pieceLength, isPrivate, trackers, webseeds, comment } = metainfo;
  return {
    type: "torrent",
    torrent: id,
    name,
    size: totalLength,
    ...versionJson(metainfo),
    pieces: geometryOf(metainfo).pieceCount,
    pieceLength,
    private: isPrivate,
    created: metainfo.creationDate,
    createdBy: metainfo.createdBy,
    comment,
    trackers,
    webseeds,
    magnet: magnetOf(metainfo),
    files: numbered(metainfo).map(({ number, path, length }) => ({
      number,
      path: path.join("/"),
      size: length,
      ...roots.has(number) && { root: roots.get(number) },
    })),
  };
}

function describe(
  { metainfo }: TorrentSource,
  scraped: readonly Scraped[] | null,
  columns: number | null,
): string[] {
  const files = numbered(metainfo);
  const facts: [string, string][] = [
    ["Name", metainfo.name],
    ...hashesOf(metainfo),
    ["Size", `${formatSize(metainfo.totalLength)} (${metainfo.totalLength} bytes)`],
    ["Pieces", `${geometryOf(metainfo).pieceCount} of ${formatSize(metainfo.pieceLength)}`],
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
  const dht = scraped?.find(({ url }) => url === "DHT");
  if (dht !== undefined) facts.push(["DHT", countsText(dht)]);
  for (const url of metainfo.webseeds) facts.push(["Web seed", url]);
  facts.push(["Magnet", magnetOf(metainfo)]);
  const longest = Math.max(...facts.map(([label]) => label.length));
  return [
    ...facts.map(([label, value]) => `${label.padEnd(longest)}  ${printable(value)}`),
    "",
    ...renderTable(
      [
        { title: "#", side: "right" },
        { title: "Size", side: "right" },
        { title: "File", shrinks: true },
      ],
      files.map(({ number, path, length }) => [
        String(number),
        formatSize(length),
        path.join("/"),
      ]),
      columns,
    ),
  ];
}

/** Files but padding, with the numbers that `--select-file` knows them by: padding counts. */
function numbered({ files }: Metainfo) {
  return files.map((file, i) => ({ ...file, number: i + 1 })).filter(({ pad }) => !pad);
}

function magnetOf({ trackers, webseeds, ...metainfo }: Metainfo): string {
  const { infoHash, infoHashV1, infoHashV2, name } = metainfo;
  const hashes = { infoHash, infoHashV1, infoHashV2 };
  return encodeMagnet({ ...hashes, name, trackers: trackers.flat(), webseeds });
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

function dateText(seconds: number | null): string {
  const date = new Date((seconds ?? NaN) * 1000);
  if (Number.isNaN(date.getTime())) return "";
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function byText(program: string | null): string {
  return program === null ? "" : `by ${program}`;
}
