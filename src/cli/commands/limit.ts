import { UsageError } from "../../base/mod.ts";
import { type JsonObject, readStatus, STATUS_FIELDS } from "../../remote/mod.ts";
import { knowsBudgets, type RemoteManager, speedUnitOf } from "../../remote/mod.ts";
import { command, type Context } from "../command.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { hashesOf } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import {
  sessionLimitPairs,
  sessionLimits,
  torrentLimitPairs,
  torrentLimits,
} from "../manager/limits.ts";
import { goal, minutesGoal, onOff, size, speed } from "../manager/option_values.ts";
import { renderPairs } from "../manager/pairs.ts";
import { schedule } from "../manager/schedule.ts";
import { ID_HELP, selectTorrents } from "../manager/select_torrents.ts";
import { sessionJson } from "../manager/session_json.ts";
import { option, type OptionTable, type Reader, type Values } from "../option.ts";
import { loadWidths, printable } from "../printable.ts";

const SWITCH = ["on", "off"];

const OPTIONS = {
  ...MANAGER_OPTIONS,
  down: valued("down", "SPEED", speed, "Receive at most this a second", { short: "d" }),
  up: valued("up", "SPEED", speed, "Send at most this a second", { short: "u" }),
  alternative: valued("alt", "on|off", onOff, "The alternative limits hold now", {
    complete: SWITCH,
  }),
  altDown: valued("alt-down", "SPEED", speed, "Receive at most this when they hold"),
  altUp: valued("alt-up", "SPEED", speed, "Send at most this when they hold"),
  hours: valued("schedule", "HOURS", schedule, "When they hold: mon-fri@08:00-17:00"),
  ratio: valued("seed-ratio", "RATIO", goal, "Stop seeding when sent/size is this"),
  idle: valued("seed-idle", "MIN", minutesGoal, "Stop seeding when idle for so long"),
  honors: valued("session-limits", "on|off", onOff, "For a torrent: the manager's hold too", {
    complete: SWITCH,
  }),
  maxTotal: valued("max-total", "SIZE", size, "Download no more than this in all"),
  maxDay: valued("max-day", "SIZE", size, "… and this a day"),
  maxMonth: valued("max-month", "SIZE", size, "… and this a month"),
} as const satisfies OptionTable;

type LimitValues = Values<typeof OPTIONS>;

/** Options that only a manager as a whole has, and only a torrent. */
const OF_SESSION = ["alternative", "altDown", "altUp", "hours", "maxDay", "maxMonth"] as const;

/** `tm limit [ID…]` */
export const limit = command({
  name: "limit",
  summary: "Show or set limits, of all together or of torrents",
  usage: "[ID…]",
  about: "Without an ID they are for all torrents together; without an option it shows\n" +
    "them. SPEED and SIZE take K, M, G (1024); off lifts a limit or a goal, and a\n" +
    "goal of session is the manager's own. HOURS is local time where the manager\n" +
    "runs, days are optional, off stops it. Budgets (--max-…) are tm daemon's own.\n\n" +
    `${ID_HELP}\nExits with 3 when there is no such torrent.`,
  completes: "nothing",
  options: OPTIONS,
  examples: [
    ["tm limit", "What holds"],
    ["tm limit --down 2M --up 500K", "All together"],
    ["tm limit 3 --up off --seed-ratio 2", "One torrent"],
    ["tm limit --alt-down 100K --schedule mon-fri@08:00-17:00", "By the clock"],
  ],
  run: (context, values, positionals) =>
    withManager(
      context,
      values,
      (manager) =>
        positionals.length === 0
          ? limitSession(context, manager, values)
          : limitTorrents(context, manager, values, positionals),
    ),
});

async function limitSession(
  context: Context,
  manager: RemoteManager,
  values: LimitValues,
): Promise<ExitCode> {
  if (values.honors !== undefined) {
    throw new UsageError("Expected an ID: --session-limits is for a torrent");
  }
  let session = await manager.session();
  const change = sessionLimits(given(values), speedUnitOf(session));
  checkKnown(change, session, manager);
  if (Object.keys(change).length > 0) {
    await manager.call("session-set", change);
    session = await manager.session();
  }
  const { terminal, json, quiet } = context;
  // also what is told in JSON is checked by this
  const pairs = sessionLimitPairs(session);
  if (json) terminal.print(jsonLine({ type: "limits", torrent: null, ...sessionJson(session) }));
  else if (!quiet) show(context, renderPairs(pairs, terminal.columns));
  return ExitCode.ok;
}

async function limitTorrents(
  context: Context,
  manager: RemoteManager,
  values: LimitValues,
  ids: readonly string[],
): Promise<ExitCode> {
  const wrong = OF_SESSION.find((key) => values[key] !== undefined);
  if (wrong !== undefined) {
    throw new UsageError(`Expected no ID with --${OPTIONS[wrong].long}: it is for all together`);
  }
  const chosen = await selectTorrents(manager, ids);
  if (chosen.length === 0) return ExitCode.ok;
  const session = await manager.session();
  const { honors } = values;
  const change = {
    ...torrentLimits(given(values), speedUnitOf(session)),
    ...(honors === undefined ? {} : { honorsSessionLimits: honors }),
  };
  const read = (torrent: JsonObject) => readStatus(torrent, session);
  if (values.maxTotal !== undefined && !knowsBudgets(session)) {
    throw unknownHere("max-total", manager);
  }
  if (Object.keys(change).length > 0) await manager.act("torrent-set", hashesOf(chosen), change);
  const torrents = await manager.torrents(STATUS_FIELDS, hashesOf(chosen), read);
  const { terminal, json, quiet } = context;
  await loadWidths(torrents.map(({ name }) => name));
  for (const [i, torrent] of torrents.entries()) {
    const { hash, id, name, downLimit, upLimit, honorsSession, maxTotal } = torrent;
    if (json) {
      const { ratioMode, ratioLimit, idleMode, idleMinutes } = torrent;
      const goals = { ratioMode, ratioLimit, idleMode, idleMinutes };
      const limits = { downLimit, upLimit, honorsSession, maxTotal, ...goals };
      terminal.print(jsonLine({ type: "limits", torrent: hash, id, name, ...limits }));
    } else if (!quiet) {
      const pairs = renderPairs(torrentLimitPairs(torrent), terminal.columns);
      show(context, [...(i > 0 ? [""] : []), printable(`${id} ${name}`), ...pairs]);
    }
  }
  return ExitCode.ok;
}

/** What was typed: options that were not are left out. */
function given(values: LimitValues): Parameters<typeof sessionLimits>[0] {
  const { down, up, ratio, idle, maxTotal, alternative, altDown, altUp, hours } = values;
  const { maxDay, maxMonth } = values;
  const all = { down, up, ratio, idle, maxTotal, alternative, altDown, altUp, hours };
  const typed = Object.entries({ ...all, maxDay, maxMonth }).filter(([, value]) =>
    value !== undefined
  );
  return Object.fromEntries(typed);
}

/** Managers pass over what they do not know. */
function checkKnown(change: JsonObject, session: JsonObject, manager: RemoteManager): void {
  const unknown = Object.keys(change).find((key) => !Object.hasOwn(session, key));
  if (unknown !== undefined) throw unknownHere(unknown, manager);
}

function unknownHere(name: string, manager: RemoteManager): CommandError {
  return new CommandError(
    ExitCode.badOption,
    `The manager at ${manager.shown} has no ${name}; nothing was changed`,
  );
}

function show({ terminal }: Context, lines: readonly string[]): void {
  for (const line of lines) terminal.print(line);
}

function valued<T>(
  long: string,
  placeholder: string,
  read: Reader<T>,
  help: string,
  more: { readonly short?: string; readonly complete?: readonly string[] } = {},
) {
  return option<T>({ long, placeholder, read, help, ...more });
}
