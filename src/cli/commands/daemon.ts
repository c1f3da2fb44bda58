import { messageOf, UsageError } from "../../base/mod.ts";
import type { Credentials, ListenPlace, Receipt, RunningControl } from "../../control/mod.ts";
import type { RunningManager, WorkerPermissions } from "../../engine/mod.ts";
import type { SessionPatch } from "../../manager/mod.ts";
import { command, type Context } from "../command.ts";
import { DaemonLog } from "../daemon_log.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { openFolder } from "../folder.ts";
import { watchedFolders } from "../watch_option.ts";
import { loadIpFilter } from "../ip_filter.ts";
import { option, type OptionTable, repeated, type Values } from "../option.ts";
import { bytes, host, text } from "../option_values.ts";
import { checkProxy, PROXY_OPTION, proxyNote } from "../proxy_option.ts";
import { receipt, rightsOf } from "../receipt.ts";
import { checkPlace, credentials, rpcPlace } from "../rpc_options.ts";
import { MAX_TORRENT_BYTES } from "../source.ts";
import { networkOptions, patience, TRANSFER_OPTIONS } from "../transfer_options.ts";
import { VERSION } from "../version.ts";

/** Of the five seconds that a service manager and users are ready to wait. */
const GRACE_MS = 3500;
const MORE_PATIENCE_MS = 1000;
/** For the last lines of the log to be read. */
const LOG_MS = 300;

const {
  dir,
  listenPort,
  listen,
  mapPort,
  dht,
  dhtNodes,
  pex,
  lsd,
  ipFilter,
  encryption,
  ipv6,
  tcp,
  utp,
  connectTimeout,
} = TRANSFER_OPTIONS;

const OPTIONS = {
  dir,
  rpc: option({
    long: "rpc",
    placeholder: "HOST:PORT",
    read: rpcPlace,
    help: "Where to be driven from (127.0.0.1:9091)",
  }, { hostname: "127.0.0.1", port: 9091 }),
  rpcAuth: option({
    long: "rpc-auth",
    placeholder: "USER:PASS",
    read: credentials,
    help: "Let in only who knows this",
  }),
  rpcAuthFile: option({
    long: "rpc-auth-file",
    placeholder: "FILE",
    complete: "file",
    read: text,
    help: "The same, from the first line of a file",
  }),
  rpcHosts: repeated({
    long: "rpc-host",
    placeholder: "NAME",
    read: host,
    help: "A name it is called by (may be repeated)",
  }),
  watch: repeated({
    long: "watch",
    placeholder: "DIR",
    complete: "folder",
    read: text,
    help: "Add the torrents put there (may be repeated)",
  }),
  listenPort,
  listen,
  mapPort,
  dht,
  dhtNodes,
  pex,
  lsd,
  ipFilter,
  encryption,
  ipv6,
  tcp,
  utp,
  connectTimeout,
  proxy: PROXY_OPTION,
  maxTotal: option({
    long: "max-total",
    placeholder: "SIZE",
    read: bytes,
    help: "Download no more than this in all (0: no end)",
  }),
  maxDay: option({
    long: "max-day",
    placeholder: "SIZE",
    read: bytes,
    help: "… and no more than this a day",
  }),
  maxMonth: option({
    long: "max-month",
    placeholder: "SIZE",
    read: bytes,
    help: "… and no more than this a month",
  }),
  reserve: option({
    long: "reserve",
    placeholder: "SIZE",
    read: bytes,
    help: "Space to leave free on the disk (64M)",
  }),
} as const satisfies OptionTable;

type DaemonValues = Values<typeof OPTIONS>;

/** `tm daemon` */
export const daemon = command({
  name: "daemon",
  summary: "Keep torrents, driven by other commands and programs",
  usage: "",
  about: "Runs in the foreground until Ctrl-C or SIGTERM and keeps its torrents, queue\n" +
    "and settings in DIR/.tm, as they were after any end. tm add, list and the other\n" +
    "commands drive it, and so does everything that speaks Transmission's RPC;\n" +
    "its web page is at the address of --rpc.\n" +
    "Without a password only this machine may.",
  completes: "nothing",
  options: OPTIONS,
  examples: [
    ["tm daemon -d /srv/torrents", "For this machine"],
    ["tm daemon --rpc 0.0.0.0:9091 --rpc-auth-file auth.txt", "For everybody with the password"],
    ["tm daemon --rpc unix:/run/tm.sock", "For whoever may use that socket"],
    ["tm daemon --max-month 100G", "No more than 100 GiB a month"],
  ],
  async run(context, values, positionals) {
    if (positionals.length > 0) {
      throw new UsageError(`Expected no argument, got ${positionals[0]}`);
    }
    const stop = Promise.withResolvers<void>();
    const quit = Promise.withResolvers<void>();
    let signals = 0;
    // a service is told by it to read its settings again, of which there are none: it is for terminals that go
    const hangup = context.terminal.isLive;
    const unsubscribe = context.env.onStopSignal(() => {
      if (++signals > 1) quit.resolve();
      stop.resolve();
    }, { hangup });
    try {
      return await serve(context, values, stop, quit.promise);
    } finally {
      unsubscribe();
    }
  },
});

async function serve(
  context: Context,
  values: DaemonValues,
  stop: PromiseWithResolvers<void>,
  quit: Promise<void>,
): Promise<ExitCode> {
  const { env, verbose } = context;
  checkProxy(env, values);
  const log = new DaemonLog(context);
  const note = proxyNote(env, values);
  if (note !== null) {
    log.event({ type: "warning", torrent: null, message: note }, () => {});
  }
  const auth = await authOf(context, values);
  const ipFilter = await loadIpFilter(context, values.ipFilter);
  const folder = await openFolder(env, values.dir);
  const watch = await watchedFolders(env, values.watch, folder);
  checkPlace(env, values.rpc);
  const permissions: WorkerPermissions = {
    read: [folder, ...watch],
    write: [folder, ...watch],
    net: true,
    // mapping can be switched on at any time, and wants to know our own address
    sys: ["statfs", "networkInterfaces"],
  };
  const running = await env.startManager(
    {
      engine: {
        folder,
        listenPort: values.listen ? values.listenPort : null,
        ...networkOptions(values),
        ipFilter,
        portMapping: values.mapPort ?? null,
        proxy: values.proxy ?? null,
        connectTimeout: values.connectTimeout,
        downloadLimit: 0,
        uploadLimit: 0,
        stallTimeout: 0,
        metadataTimeout: 0,
        progressInterval: 1,
        waitPatience: patience(),
        verbose: false,
      },
      settings: settingsOf(values),
      watch,
    },
    permissions,
    (event) => log.event(event, () => stop.resolve()),
  );
  let control: RunningControl | null = null;
  try {
    control = await startControl(context, values, auth, running, {
      receipt: () => rightsOf(env, permissions),
      onShutdown: () => stop.resolve(),
    });
    await env.permissions.revokeFiles();
    if (verbose) log.receipt(receipt(env, permissions));
    log.ready(control.place, folder, auth !== null, watch);
    await stop.promise;
    log.stopping();
  } finally {
    await leave(context, running, control, quit);
    const late = Promise.withResolvers<void>();
    const cancel = env.clock.after(LOG_MS, () => late.resolve());
    await Promise.race([log.flush(), late.promise, quit]);
    cancel();
  }
  return log.failed ? ExitCode.unknown : ExitCode.ok;
}

async function startControl(
  { env }: Context,
  values: DaemonValues,
  auth: Credentials | null,
  { manager }: RunningManager,
  asked: { readonly receipt: () => Receipt; readonly onShutdown: () => void },
): Promise<RunningControl> {
  try {
    return await env.startControl({
      manager,
      listen: values.rpc,
      auth,
      hosts: values.rpcHosts,
      version: VERSION,
      fetchTorrent: (url, local) => env.fetchTorrent(url, MAX_TORRENT_BYTES, local, values.proxy),
      ...asked,
    });
  } catch (error) {
    const inUse = error instanceof Deno.errors.AddrInUse;
    throw new CommandError(
      ExitCode.unknown,
      inUse
        ? `${shown(values.rpc)} is in use, by another manager perhaps; choose another with --rpc`
        : `Cannot listen on ${shown(values.rpc)}: ${messageOf(error)}`,
    );
  }
}

async function leave(
  { env }: Context,
  running: RunningManager,
  control: RunningControl | null,
  quit: Promise<void>,
): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = env.clock.after(GRACE_MS + MORE_PATIENCE_MS, () => late.resolve());
  const gone = Promise.allSettled([control?.close(), running.stop(GRACE_MS)]);
  await Promise.race([gone, quit, late.promise]);
  cancel();
}

async function authOf({ env }: Context, values: DaemonValues): Promise<Credentials | null> {
  const { rpcAuth, rpcAuthFile } = values;
  if (rpcAuthFile === undefined) return rpcAuth ?? null;
  if (rpcAuth !== undefined) {
    throw new UsageError("Expected --rpc-auth or --rpc-auth-file, got both");
  }
  let bytes: Uint8Array;
  try {
    bytes = await env.files.read(rpcAuthFile, 4096);
  } catch (error) {
    const message = `Cannot read the password in ${rpcAuthFile}: ${messageOf(error)}`;
    throw new CommandError(ExitCode.cannotOpen, message);
  }
  const [line = ""] = new TextDecoder().decode(bytes).split(/\r?\n/);
  return credentials(line, `the first line of ${rpcAuthFile}`);
}

function settingsOf(
  { mapPort, encryption, maxTotal, maxDay, maxMonth, reserve }: DaemonValues,
): SessionPatch {
  return {
    ...(mapPort === undefined ? {} : { portMapping: true }),
    ...(encryption === undefined ? {} : { encryption }),
    ...(maxTotal === undefined ? {} : { maxTotal }),
    ...(maxDay === undefined ? {} : { maxDay }),
    ...(maxMonth === undefined ? {} : { maxMonth }),
    ...(reserve === undefined ? {} : { reserve }),
  };
}

function shown(place: ListenPlace): string {
  return "path" in place ? place.path : `${place.hostname}:${place.port}`;
}
