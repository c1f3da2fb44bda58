import { basename, dirname } from "@std/path";
import { type Bytes, messageOf } from "../../base/mod.ts";
import { nameRules, safeComponent, torrentOf } from "../../metainfo/mod.ts";
import { command, type Context } from "../command.ts";
import { checkOutput, contentPath, warn, writeTorrent } from "../content.ts";
import type { Environment, RunningTracker } from "../environment.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { runHashJob } from "../hash_job.ts";
import { loadIpFilter } from "../ip_filter.ts";
import { flag, option, type OptionTable, repeated, type Values } from "../option.ts";
import { fileName, host, pieceLength, port, text, trackerUrl } from "../option_values.ts";
import { loadQrCode } from "../qr_code.ts";
import { shareAddresses } from "../share_addresses.ts";
import { ownSeeds, ownTrackers, type Reach } from "../share_link.ts";
import { ShareNotes } from "../share_notes.ts";
import { torrentSource } from "../source.ts";
import { addOptions, engineOptions, seedGoal, TRANSFER_OPTIONS } from "../transfer_options.ts";
import { runTransfers } from "../transfers.ts";
import { VERSION } from "../version.ts";

const TRACKER_PORT = 6969;
/** Ports tried after that one when it is busy. */
const MORE_PORTS = 9;

/** What a transfer has and a share has no use for. */
const {
  dir: _dir,
  out: _out,
  peers: _peers,
  listen: _listen,
  check: _check,
  metadataTimeout: _metadataTimeout,
  saveTorrent: _saveTorrent,
  ...TRANSFER
} = TRANSFER_OPTIONS;
/** What these come to in a share. */
const UNUSED = {
  dir: "",
  out: undefined,
  peers: [],
  listen: true,
  check: false,
  metadataTimeout: 0,
  saveTorrent: false,
};

const OPTIONS = {
  ...TRANSFER,
  addresses: repeated({
    long: "address",
    placeholder: "HOST",
    read: host,
    help: "Where others reach this machine (its own)",
  }),
  trackerPort: option({
    long: "tracker-port",
    placeholder: "PORT",
    read: port,
    help: `Tracker here or just above (${TRACKER_PORT}; 0: any)`,
  }, TRACKER_PORT),
  tracker: flag({ long: "tracker", on: true, help: "Run no tracker" }),
  trackers: repeated({
    long: "announce",
    short: "a",
    placeholder: "URL",
    read: trackerUrl,
    help: "Another tracker as well (may be repeated)",
  }),
  name: option({
    long: "name",
    placeholder: "NAME",
    read: fileName,
    help: "Another name to download it under",
  }),
  pieceLength: option({
    long: "piece-length",
    short: "l",
    placeholder: "SIZE",
    read: pieceLength,
    help: "A power of two, as 256K (chosen by size)",
  }),
  out: option({
    long: "out",
    short: "o",
    placeholder: "FILE",
    complete: "file",
    read: text,
    help: "Write the torrent file too",
  }),
  force: flag({ long: "force", short: "f", help: "Overwrite the torrent file" }),
  qr: flag({ long: "qr", on: true, help: "Show no QR code" }),
} as const satisfies OptionTable;

type Options = Values<typeof OPTIONS>;

/** `tm share PATH` */
export const share = command({
  name: "share",
  summary: "Give a file or folder to others by a link",
  usage: "PATH",
  about: "Makes a torrent in memory, runs a tracker for it and seeds, until Ctrl-C,\n" +
    "--seed-time or --seed-ratio. It prints a magnet link: tm get with that link on\n" +
    "another machine needs nothing else. The file or folder is only read, nothing\n" +
    "is written. With -q the link is all that is printed.",
  completes: "file",
  options: OPTIONS,
  examples: [
    ["tm share photos", "For everybody who has the link"],
    ["tm share -q a.iso > link.txt", "The link alone"],
    ["tm share a.iso --address files.example.org", "From behind a router"],
  ],
  async run(context, values, positionals) {
    const { env } = context;
    const path = await contentPath(env, positionals);
    if (values.out !== undefined) await checkOutput(env, values.out, values.force);
    const hosts = values.addresses.length > 0
      ? [...new Set(values.addresses)]
      : shareAddresses(await env.networkAddresses(), values.ipv6);
    const tracker = values.tracker ? await startTracker(env, values) : null;
    try {
      return await serve(context, values, path, hosts, tracker);
    } finally {
      await tracker?.close();
    }
  },
});

async function serve(
  context: Context,
  values: Options,
  path: string,
  hosts: readonly string[],
  tracker: RunningTracker | null,
): Promise<ExitCode> {
  const { env, terminal, json, quiet } = context;
  const ipFilter = await loadIpFilter(context, values.ipFilter);
  const trackerPort = tracker?.port ?? null;
  const where = { hosts, trackerPort, otherTrackers: values.trackers };
  const { torrent, hashedAt } = await hash(context, values, path);
  const source = await torrentSource(torrent, path);
  if (values.out !== undefined) {
    const trackers = [...ownTrackers(where), ...where.otherTrackers];
    const file = torrentOf(source.metainfo.infoBytes, trackers, []);
    await writeTorrent(env, values.out, file, values.force);
  }
  const reached = (port: number): Reach => {
    const reach = { ...where, port };
    tracker?.hold(source.metainfo.infoHash, ownSeeds(reach));
    return reach;
  };
  const drawn = values.qr && terminal.isLive && !json && !quiet;
  const qrCode = drawn ? await loadQrCode() : null;
  const notes = new ShareNotes(context, source.metainfo, source.id, reached, qrCode);
  const shared = { ...values, ...UNUSED };
  const folder = dirname(path);
  const outcomes = await runTransfers(context, {
    folder,
    speaker: (event) => notes.hear(event),
    engine: {
      ...engineOptions(context, shared, folder, {
        downloadLimit: 0,
        stallTimeout: 0,
        ipFilter,
      }),
      served: path,
    },
    torrents: [{
      source,
      options: {
        ...addOptions(shared),
        name: basename(path),
        seedOnly: true,
        hashedAt,
        seed: seedGoal(shared) ?? { minutes: null, ratio: null },
      },
    }],
  });
  notes.close();
  return outcomes.get(source.id) ?? ExitCode.unknown;
}

/** Hashes what is shared into a torrent. Our tracker is not in it: it knows of us already, and others would not be asked. */
async function hash(
  context: Context,
  values: Options,
  path: string,
): Promise<{ readonly torrent: Bytes; readonly hashedAt: number }> {
  const { env } = context;
  const name = values.name ?? safeComponent(basename(path), nameRules(Deno.build.os));
  const { torrent, hashedAt, skipped } = await runHashJob(
    context,
    { phase: "hashing", torrent: null, name, size: 0 },
    (onProgress, signal) =>
      env.runCreate(
        {
          path,
          name,
          safeNames: true,
          pieceLength: values.pieceLength ?? null,
          trackers: values.trackers.map((url) => [url]),
          webseeds: [],
          isPrivate: false,
          comment: null,
          createdBy: `TorrentManager ${VERSION}`,
          creationDate: env.clock.date(),
        },
        onProgress,
        signal,
      ),
  );
  for (const each of skipped) warn(context, each);
  return { torrent, hashedAt };
}

/** A tracker for this one torrent, at the port that was asked for or one of the next. Throws {@linkcode CommandError}. */
async function startTracker(env: Environment, values: Options): Promise<RunningTracker> {
  const first = values.trackerPort;
  const last = first === 0 ? 0 : Math.min(65535, first + MORE_PORTS);
  for (let port = first;; port++) {
    try {
      return await listen(env, port, values.ipv6);
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse && port < last) continue;
      throw new CommandError(
        ExitCode.unknown,
        `Cannot run a tracker at port ${first}: ${messageOf(error)}; ` +
          "choose another with --tracker-port, or --no-tracker",
      );
    }
  }
}

/** Both families at once where the system has IPv6 and it is wanted. */
async function listen(env: Environment, port: number, ipv6: boolean): Promise<RunningTracker> {
  if (ipv6) {
    try {
      return await env.startTracker({ hostname: "::", port, torrents: 0 });
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) throw error;
    }
  }
  return await env.startTracker({ hostname: "0.0.0.0", port, torrents: 0 });
}
