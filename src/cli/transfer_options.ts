/** Options that `tm get` and `tm seed` share, and what they come to. */
import { UsageError } from "../base/mod.ts";
import type {
  AddOptions,
  EncryptionPolicy,
  EngineOptions,
  PortMappingChoice,
} from "../session/mod.ts";
import type { ProxyChoice } from "../proxy/mod.ts";
import type { Context } from "./command.ts";
import { folderOption } from "./folder.ts";
import { flag, option, optional, type OptionTable, repeated, type Values } from "./option.ts";
import {
  address,
  bytes,
  choice,
  decimal,
  fileName,
  peer,
  port,
  seconds,
  text,
} from "./option_values.ts";
import { loadWidths } from "./printable.ts";
import { readSource, type Source } from "./source.ts";
import { reportFailure } from "./failure.ts";
import { ExitCode } from "./exit_codes.ts";
import { STDOUT } from "./stream_option.ts";

const DEFAULT_PORT = 6881;
/** Nodes of the DHT that others run for newcomers; only asked while no other node answers. */
const ENTRY_POINTS = [
  "dht.libtorrent.org:25401",
  "dht.transmissionbt.com:6881",
  "router.bt.ouinet.work:6881",
];
/** Seconds without anything useful until tm says why; less where it ends early. */
const PATIENCE = 10;

/** Seconds until a magnet link's metadata must be there: as long as a download may wait for its first byte. */
export const METADATA_TIMEOUT = 300;

const ENCRYPTION = ["prefer", "require", "off"] as const satisfies readonly EncryptionPolicy[];

/** The shared option table. */
export const TRANSFER_OPTIONS = {
  dir: folderOption,
  out: option({
    long: "out",
    short: "o",
    placeholder: "NAME",
    read: fileName,
    help: "Another name for the file or folder",
  }),
  peers: repeated({
    long: "peer",
    placeholder: "HOST:PORT",
    read: peer,
    help: "Connect to this peer (may be repeated)",
  }),
  listenPort: option({
    long: "listen-port",
    placeholder: "PORT",
    read: port,
    help: `Listen here or just above (${DEFAULT_PORT}; 0: any)`,
  }, DEFAULT_PORT),
  listen: flag({ long: "listen", on: true, help: "Take no connections from outside" }),
  mapPort: optional<PortMappingChoice>({
    long: "map-port",
    placeholder: "ROUTER",
    read: (value, name) => ({ gateway: address(value, name) }),
    help: "Ask the router to open our port",
  }, { gateway: null }),
  dht: flag({ long: "dht", on: true, help: "Do without the DHT" }),
  dhtNodes: repeated({
    long: "dht-node",
    placeholder: "HOST:PORT",
    read: peer,
    help: "Enter the DHT by this node only",
  }),
  pex: flag({ long: "pex", on: true, help: "Learn no peers from peers, tell none" }),
  lsd: flag({ long: "lsd", on: true, help: "Look for no peers in our own network" }),
  ipFilter: option({
    long: "ip-filter",
    placeholder: "FILE",
    complete: "file",
    read: text,
    help: "Keep away the addresses in this list",
  }),
  encryption: option({
    long: "encryption",
    placeholder: "HOW",
    complete: ENCRYPTION,
    read: choice(ENCRYPTION),
    help: "prefer, require or off (prefer)",
  }),
  ipv6: flag({ long: "ipv6", on: true, help: "Use IPv4 only" }),
  tcp: flag({ long: "tcp", on: true, help: "Reach peers over uTP alone" }),
  utp: flag({ long: "utp", on: true, help: "Reach peers over TCP alone" }),
  seedMinutes: option({
    long: "seed-time",
    placeholder: "MIN",
    read: decimal,
    help: "Seed for so many minutes when complete",
  }),
  seedRatio: option({
    long: "seed-ratio",
    placeholder: "RATIO",
    read: decimal,
    help: "Seed until sent/size is this (0: no end)",
  }),
  uploadLimit: option({
    long: "max-upload-limit",
    placeholder: "SPEED",
    read: bytes,
    help: "Send at most this a second, a torrent",
  }, 0),
  overallUploadLimit: option({
    long: "max-overall-upload-limit",
    placeholder: "N",
    read: bytes,
    help: "The same for all torrents together",
  }, 0),
  connectTimeout: option({
    long: "connect-timeout",
    placeholder: "SECONDS",
    read: seconds,
    help: "Give up on connecting after this (10)",
  }, 10),
  metadataTimeout: option({
    long: "metadata-timeout",
    placeholder: "SECONDS",
    read: seconds,
    help: "Give up on a magnet link (300; 0: never)",
  }, METADATA_TIMEOUT),
  saveTorrent: flag({
    long: "save-torrent",
    help: "Keep the torrent file beside the data",
  }),
  superSeed: flag({
    long: "super-seed",
    help: "When the only seed: show each piece once",
  }),
  check: flag({
    long: "check",
    aliases: ["check-integrity"],
    help: "Hash what is on disk, trust no record",
  }),
} as const satisfies OptionTable;

type Shared = Values<typeof TRANSFER_OPTIONS>;

/** The engine's options; `folder` is a real path, null for a stream. */
export function engineOptions(
  context: Context,
  values: Shared,
  folder: string | null,
  own: Pick<
    EngineOptions,
    "downloadLimit" | "budget" | "stallTimeout" | "webseeds" | "ipFilter" | "proxy"
  >,
): EngineOptions {
  return {
    folder,
    listenPort: values.listen ? values.listenPort : null,
    ...networkOptions(values),
    ipFilter: own.ipFilter ?? null,
    ...(own.proxy ? { proxy: own.proxy } : {}),
    ...(values.mapPort === undefined ? {} : { portMapping: values.mapPort }),
    uploadLimit: values.overallUploadLimit,
    connectTimeout: values.connectTimeout,
    progressInterval: context.terminal.isLive && !context.json ? 0.5 : 1,
    verbose: context.json || context.verbose,
    downloadLimit: own.downloadLimit,
    ...(own.budget === undefined ? {} : { budget: own.budget }),
    stallTimeout: own.stallTimeout,
    webseeds: own.webseeds ?? true,
    metadataTimeout: values.metadataTimeout,
    waitPatience: patience(own.stallTimeout, values.metadataTimeout),
  };
}

/** Where peers come from, as the switches say. */
export function networkOptions(
  values: Pick<
    Shared,
    "dht" | "dhtNodes" | "pex" | "lsd" | "encryption" | "ipv6" | "tcp" | "utp"
  >,
): Pick<
  EngineOptions,
  "dht" | "peerExchange" | "localDiscovery" | "encryption" | "ipv6" | "tcp" | "utp"
> {
  const { pex: peerExchange, lsd: localDiscovery, encryption = "prefer", ipv6, tcp, utp } = values;
  if (!tcp && !utp) throw new UsageError("Expected --no-tcp or --no-utp, got both");
  return { dht: dhtChoice(values), peerExchange, localDiscovery, encryption, ipv6, tcp, utp };
}

/** Who names a node wants that one's network and no other. */
function dhtChoice({ dht, dhtNodes }: Pick<Shared, "dht" | "dhtNodes">): EngineOptions["dht"] {
  if (!dht) return null;
  return { nodes: dhtNodes, entryPoints: dhtNodes.length > 0 ? [] : ENTRY_POINTS };
}

/** Seconds until it is said why nothing comes; before the first of the time-outs (0: none) is over. */
export function patience(...timeouts: readonly number[]): number {
  return Math.min(PATIENCE, ...timeouts.filter((each) => each > 0).map((each) => each / 3));
}

/** What both commands say of a torrent. */
export function addOptions(values: Shared): Omit<AddOptions, "seed"> {
  return {
    peers: values.peers,
    typed: true,
    check: values.check,
    superSeed: values.superSeed,
    uploadLimit: values.uploadLimit,
    ...(values.saveTorrent ? { saveTorrent: true } : {}),
    ...(values.out === undefined || values.out === STDOUT ? {} : { name: values.out }),
  };
}

/** How long to seed, null when neither `--seed-time` nor `--seed-ratio` was given. As in aria2, ratio 0 means without end. */
export function seedGoal(values: Shared): AddOptions["seed"] {
  const { seedMinutes, seedRatio } = values;
  if (seedMinutes === undefined && seedRatio === undefined) return null;
  return { minutes: seedMinutes ?? null, ratio: seedRatio || null };
}

/** What became of the sources of a command line. */
export interface Read {
  /** Each torrent once, in order. */
  readonly sources: readonly Source[];
  /** For each argument the torrent it gave, or the exit code of its failure, which has been reported. */
  readonly results: readonly (Source | ExitCode)[];
}

/** Reads all sources side by side; one that fails is reported and does not hold up the others. */
export async function readSources(
  context: Context,
  given: readonly string[],
  out: string | undefined,
  proxy: ProxyChoice | null = null,
): Promise<Read> {
  if (given.length === 0) {
    throw new UsageError("Expected a torrent file, its URL or a magnet link, got nothing");
  }
  if (out !== undefined && given.length > 1) {
    throw new UsageError(`Expected one torrent with -o, got ${given.length}`);
  }
  if (given.filter((each) => each === "-").length > 1) {
    throw new UsageError("Expected - (standard input) once, got it again");
  }
  const { env, terminal, json, quiet } = context;
  if (out !== undefined) await loadWidths([out]);
  const settled = await Promise.allSettled(given.map((each) => readSource(env, each, proxy)));
  const results = settled.map((result) =>
    result.status === "fulfilled" ? result.value : reportFailure(terminal, json, result.reason)
  );
  const byId = new Map<string, Source>();
  for (const result of results) {
    if (typeof result !== "object") continue;
    const first = byId.get(result.id);
    if (first === undefined) byId.set(result.id, result);
    else if (!quiet && first.given !== result.given) {
      terminal.printError(`${result.given} is the same torrent as ${first.given}, left out`);
    }
  }
  return { sources: [...byId.values()], results };
}

/** The exit code of a whole command: that of the first argument that failed. */
export function firstFailure(
  results: Read["results"],
  outcomes: ReadonlyMap<string, ExitCode>,
): ExitCode {
  for (const result of results) {
    const code = typeof result === "object" ? outcomes.get(result.id) ?? ExitCode.ok : result;
    if (code !== ExitCode.ok) return code;
  }
  return ExitCode.ok;
}
