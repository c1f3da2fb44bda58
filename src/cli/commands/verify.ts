import { UsageError } from "../../base/mod.ts";
import type { VerifiedFile, VerifyReport } from "../../engine/mod.ts";
import { command, type Context } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { checkFolder, existingFolder, folderOption } from "../folder.ts";
import { runHashJob } from "../hash_job.ts";
import { jsonLine } from "../json_line.ts";
import { MANAGER_OPTIONS } from "../manager/connect.ts";
import { ID_HELP } from "../manager/select_torrents.ts";
import { areIds, verifyThere } from "../manager/verify_there.ts";
import { option } from "../option.ts";
import { fileName } from "../option_values.ts";
import { readTorrent, type TorrentSource } from "../source.ts";
import { renderTable } from "../table.ts";
import { formatCount, formatSize } from "../units.ts";

/** How a file compares with its torrent. */
type FileState = "ok" | "not chosen" | "missing" | "damaged" | "too long";

/** `tm verify FILE` */
export const verify = command({
  name: "verify",
  summary: "Compare files on disk with a torrent",
  usage: "FILE|ID…",
  about: "With a torrent file (a URL, -) it hashes every piece here and lists each file as\n" +
    "ok, missing, damaged, too long, or not chosen by the download that is remembered\n" +
    "in the folder. Nothing is changed. Exits with 32 when a chosen file differs.\n\n" +
    "With an ID, which is anything that is no file here, or with --host, the manager\n" +
    `hashes what it has, in its turn.\n\n${ID_HELP}`,
  completes: "file",
  options: {
    ...MANAGER_OPTIONS,
    dir: folderOption,
    out: option({
      long: "out",
      short: "o",
      placeholder: "NAME",
      read: fileName,
      help: "The name it was downloaded under",
    }),
  },
  examples: [
    ["tm verify a.torrent", "Check ./downloads"],
    ["tm verify -q -d /data a.torrent && echo fine", "For scripts"],
    ["tm verify 3", "At the manager"],
  ],
  async run(context, values, positionals) {
    const { env } = context;
    const given = positionals[0];
    if (values.host !== undefined || await areIds(env, positionals)) {
      return await verifyThere(context, values, positionals);
    }
    if (given === undefined || positionals.length > 1) {
      throw new UsageError(`Expected one torrent file or an ID, got ${positionals.length}`);
    }
    checkFolder(env, values.dir, "read");
    const source = await readTorrent(env, given);
    const folder = await existingFolder(env, values.dir);
    const { id, metainfo, torrent } = source;
    const report = await runHashJob(
      context,
      { phase: "checking", torrent: id, name: metainfo.name, size: metainfo.totalLength },
      (onProgress, signal) => {
        const name = values.out === undefined ? {} : { name: values.out };
        return env.runVerify({ folder, torrent, ...name }, onProgress, signal);
      },
    );
    print(context, source, report);
    return differing(report).length === 0 ? ExitCode.ok : ExitCode.checksum;
  },
});

function print(context: Context, { id, metainfo }: TorrentSource, report: VerifyReport): void {
  const { terminal, json, quiet } = context;
  const bad = differing(report);
  if (json) {
    for (const file of report.files) {
      terminal.print(jsonLine({ type: "file", torrent: id, ...file, state: stateOf(file) }));
    }
    const { pieces, goodPieces } = report;
    const files = { files: report.files.length, bad: bad.length };
    const event = { type: "verified", torrent: id, ok: bad.length === 0, ...files };
    terminal.print(jsonLine({ ...event, pieces, goodPieces }));
    return;
  }
  if (quiet) return;
  const lines = renderTable(
    [{ title: "State" }, { title: "Size", side: "right" }, { title: "File", shrinks: true }],
    report.files.map((file) => [describeState(file), formatSize(file.length), file.path]),
    terminal.columns,
  );
  for (const line of lines) terminal.print(line);
  terminal.print("");
  const total = formatCount(report.files.length, "file");
  const size = formatSize(metainfo.totalLength);
  const left = report.files.filter((file) => stateOf(file) === "not chosen").length;
  const fine = left === 0 ? "all ok" : `${report.files.length - left} ok, ${left} not chosen`;
  terminal.print(
    bad.length === 0
      ? terminal.paint(`${total}, ${size}: ${fine}`, "good")
      : terminal.paint(`${total}, ${size}: ${bad.length} not as in the torrent`, "bad"),
  );
}

function differing({ files }: VerifyReport): VerifiedFile[] {
  return files.filter((file) => !["ok", "not chosen"].includes(stateOf(file)));
}

function stateOf({ length, size, good, chosen }: VerifiedFile): FileState {
  if (!chosen && (size !== length || good < length)) return "not chosen";
  if (size === null) return "missing";
  if (good < length || size < length) return "damaged";
  return size > length ? "too long" : "ok";
}

function describeState(file: VerifiedFile): string {
  const state = stateOf(file);
  if (state !== "damaged") return state;
  // Rounded up: a single bad byte is not 0% damaged.
  return `damaged ${Math.ceil(((file.length - file.good) / file.length) * 100)}%`;
}
