import { basename, join } from "@std/path";
import { toHex, UsageError } from "../../base/mod.ts";
import { geometryOf, type Metainfo, nameRules, parseMetainfo } from "../../metainfo/mod.ts";
import { command, type Context } from "../command.ts";
import { checkOutput, contentPath, warn, writeTorrent } from "../content.ts";
import { ExitCode } from "../exit_codes.ts";
import { runHashJob } from "../hash_job.ts";
import { jsonLine } from "../json_line.ts";
import { flag, option, repeated } from "../option.ts";
import { pieceLength, text, trackerUrl, webseedUrl } from "../option_values.ts";
import { printable } from "../printable.ts";
import { formatCount, formatSize } from "../units.ts";
import { VERSION } from "../version.ts";
import { hashesOf, versionJson } from "../version_facts.ts";

/** `tm create PATH` */
export const create = command({
  name: "create",
  summary: "Make a torrent of a file or folder",
  usage: "PATH",
  about: "Writes NAME.torrent into the current folder unless -o says otherwise, and\n" +
    "overwrites nothing (exit 13) without --force. Each -a is a tier of its own:\n" +
    "the first tracker is asked first, the others when it does not answer.",
  completes: "file",
  options: {
    out: option({
      long: "out",
      short: "o",
      placeholder: "FILE",
      complete: "file",
      read: text,
      help: "The torrent file to write",
    }),
    trackers: repeated({
      long: "announce",
      short: "a",
      placeholder: "URL",
      read: trackerUrl,
      help: "A tracker (may be repeated)",
    }),
    webseeds: repeated({
      long: "webseed",
      short: "w",
      placeholder: "URL",
      read: webseedUrl,
      help: "A web server with the files (may be repeated)",
    }),
    pieceLength: option({
      long: "piece-length",
      short: "l",
      placeholder: "SIZE",
      read: pieceLength,
      help: "A power of two, as 256K or 4M (chosen by size)",
    }),
    v2: flag({
      long: "v2",
      help: "Of version 2 (BEP 52) alone",
    }),
    hybrid: flag({ long: "hybrid", help: "Of both versions, for older clients too" }),
    isPrivate: flag({
      long: "private",
      short: "p",
      help: "Peers may come from the trackers only",
    }),
    comment: option({
      long: "comment",
      placeholder: "TEXT",
      read: text,
      help: "A note for everybody to read",
    }),
    force: flag({ long: "force", short: "f", help: "Overwrite the torrent file" }),
  },
  examples: [
    ["tm create photos -a https://tracker.example.org/announce", "Writes photos.torrent"],
    ["tm create photos --hybrid", "Versions 1 and 2 in one torrent"],
    ["tm create a.iso -l 1M --webseed https://example.org/a.iso", "With a web server as a seed"],
  ],
  async run(context, values, positionals) {
    const { env } = context;
    if (values.v2 && values.hybrid) {
      throw new UsageError("Expected --v2 or --hybrid, got both; a hybrid has version 2 in it");
    }
    const path = await contentPath(env, positionals);
    const name = basename(path);
    const output = values.out ?? join(env.locked ? "downloads" : ".", `${name}.torrent`);
    await checkOutput(env, output, values.force);
    const request = {
      path,
      version: values.v2 ? "v2" as const : values.hybrid ? "hybrid" as const : "v1" as const,
      pieceLength: values.pieceLength ?? null,
      trackers: values.trackers.map((url) => [url]),
      webseeds: values.webseeds,
      isPrivate: values.isPrivate,
      comment: values.comment ?? null,
      createdBy: `TorrentManager ${VERSION}`,
      creationDate: env.clock.date(),
    };
    const { torrent, skipped } = await runHashJob(
      context,
      { phase: "hashing", torrent: null, name, size: 0 },
      (onProgress, signal) => env.runCreate(request, onProgress, signal),
    );
    for (const each of skipped) warn(context, each);
    // Reading back what was made is the one proof that others can read it too.
    const metainfo = await parseMetainfo(torrent, nameRules(Deno.build.os));
    await writeTorrent(env, output, torrent, values.force);
    print(context, output, metainfo);
    return ExitCode.ok;
  },
});

function print({ terminal, json, quiet }: Context, path: string, metainfo: Metainfo): void {
  const torrent = toHex(metainfo.infoHash);
  const { name, totalLength: size, pieceLength } = metainfo;
  const files = metainfo.files.filter(({ pad }) => !pad).length;
  const pieces = geometryOf(metainfo).pieceCount;
  if (json) {
    const event = { type: "created", torrent, path, name, size, files, pieces, pieceLength };
    terminal.print(jsonLine({ ...event, ...versionJson(metainfo) }));
  } else if (!quiet) {
    const count = formatCount(files, "file");
    const cut = `${formatCount(pieces, "piece")} of ${formatSize(pieceLength)}`;
    terminal.print(`${printable(path)}: ${formatSize(size)}, ${count}, ${cut}`);
    for (const [label, hash] of hashesOf(metainfo)) terminal.print(`${label} ${hash}`);
  }
}
