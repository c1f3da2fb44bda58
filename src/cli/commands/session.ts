import { UsageError } from "../../base/mod.ts";
import { json as reading, type JsonObject, type RemoteManager } from "../../remote/mod.ts";
import { command } from "../command.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { type Pair, renderPairs } from "../manager/pairs.ts";
import { sessionJson } from "../manager/session_json.ts";
import { SETTINGS, splitSetting } from "../manager/settings.ts";
import { flag } from "../option.ts";
import { loadWidths } from "../printable.ts";
import { suggest } from "../suggest.ts";
import { formatSize } from "../units.ts";

/** For a list of some megabytes to be fetched and read. */
const FETCH_MS = 150_000;
/** Settings that a daemon has options for too, of the same names. */
const STARTED: readonly string[] = ["dht", "pex", "lsd", "utp"];
const WIDEST = Math.max(...SETTINGS.map(({ name }) => name.length));

/** `tm session [NAME=VALUE…]` */
export const session = command({
  name: "session",
  summary: "Show the manager and its settings, or set them",
  usage: "[NAME=VALUE…]",
  about: "Speeds, schedule and goals are with tm limit. A manager may lack some of these:\n\n" +
    SETTINGS.map(({ name, help }) => `  ${name.padEnd(WIDEST)}  ${help}`).join("\n"),
  completes: SETTINGS.map(({ name }) => `${name}=`),
  options: {
    ...MANAGER_OPTIONS,
    updateFilter: flag({ long: "update-filter", help: "Fetch the list at ip-filter-url now" }),
    shutdown: flag({ long: "shutdown", help: "Stop the manager; it saves what it has" }),
  },
  examples: [
    ["tm session", "What it is and how it is set"],
    ["tm session download-queue=3 dht=off", "Two settings"],
    ["tm session ip-filter=on ip-filter-url=https://… --update-filter", "A blocklist"],
    ["tm session --shutdown", "The end"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const { terminal, json, quiet } = context;
      if (values.shutdown) {
        if (positionals.length > 0) throw new UsageError("Expected no settings with --shutdown");
        await manager.call("session-close");
        if (!quiet && !json) terminal.print(`The manager at ${manager.shown} stops`);
        return ExitCode.ok;
      }
      const typed = positionals.map(splitSetting);
      let now = await manager.session();
      if (typed.length > 0) {
        const before = now;
        const changes = typed.map(([name, value]) => changeOf(name, value, before, manager));
        await manager.call("session-set", Object.assign({}, ...changes));
        now = await manager.session();
        for (const [i, [name]] of typed.entries()) checkTaken(name, changes[i] ?? {}, now);
      }
      if (values.updateFilter) {
        await manager.call("blocklist-update", {}, FETCH_MS);
        now = await manager.session();
      }
      // also what is told in JSON is checked by this
      const pairs = pairsOf(manager, now, typed.map(([name]) => name));
      if (json) terminal.print(jsonLine({ type: "session", ...sessionJson(now) }));
      else if (!quiet) {
        await loadWidths(pairs.map((pair) => pair?.[1] ?? ""));
        for (const line of renderPairs(pairs, terminal.columns)) terminal.print(line);
      }
      return ExitCode.ok;
    }),
});

function changeOf(
  name: string,
  value: string,
  now: JsonObject,
  manager: RemoteManager,
): JsonObject {
  const setting = SETTINGS.find((each) => each.name === name);
  if (setting === undefined) {
    const near = suggest(name, SETTINGS.map((each) => each.name));
    const hint = near === null ? "tm help session lists all" : `did you mean ${near}?`;
    throw new UsageError(`Unknown setting ${name}; ${hint}`);
  }
  // managers pass over what they do not know
  if (reading.has(now, setting.key)) return setting.change(value);
  throw new CommandError(
    ExitCode.badOption,
    `The manager at ${manager.shown} has no ${name}; nothing was changed`,
  );
}

/** Managers pass over what they cannot set, without a word. Texts may be told otherwise than they were typed. */
function checkTaken(name: string, change: JsonObject, now: JsonObject): void {
  const kept = Object.entries(change).some(([key, value]) =>
    typeof value !== "string" && now[key] !== value
  );
  if (!kept) return;
  const hint = STARTED.includes(name) ? `; was it started with --no-${name}?` : "";
  throw new CommandError(ExitCode.unknown, `The manager cannot change ${name}${hint}`);
}

/** Everything, or of what was just set only that. */
function pairsOf(manager: RemoteManager, now: JsonObject, changed: readonly string[]): Pair[] {
  const shown = SETTINGS.filter(({ name, key }) =>
    reading.has(now, key) && (changed.length === 0 || changed.includes(name))
  );
  const settings = shown.map((setting): Pair => [setting.name, setting.show(now)]);
  return changed.length > 0 ? settings : [...about(manager, now), null, ...settings];
}

function about(manager: RemoteManager, now: JsonObject): Pair[] {
  const free = reading.number(now, "download-dir-free-space", -1);
  const rules = reading.count(now, "blocklist-size");
  return [
    ["Manager", `${manager.shown}, version ${reading.text(now, "version", "not told")}`],
    ["RPC version", String(reading.count(now, "rpc-version"))],
    ["Free space", free < 0 ? "not known" : formatSize(free)],
    ["IP filter", rules === 0 ? null : `${rules} rules`],
  ];
}
