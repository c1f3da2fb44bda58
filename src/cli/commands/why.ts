import { command, type Context } from "../command.ts";
import { describeCauses } from "../describe_waiting.ts";
import { ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { hashesOf } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { readReasons, REASON_FIELDS, type Reasons } from "../manager/reasons.ts";
import { ID_HELP, selectTorrents } from "../manager/select_torrents.ts";
import { loadWidths, printable } from "../printable.ts";
import { formatRate } from "../units.ts";

/** Columns where there is no terminal. */
const PLAIN_COLUMNS = 80;

/** `tm why ID…` */
export const why = command({
  name: "why",
  summary: "Tell why a torrent does not move, and what to do",
  usage: "ID…",
  about: "The likely causes, the likeliest first. A tm daemon knows them; of another\n" +
    "manager tm guesses from what it tells of trackers and peers.\n\n" +
    `${ID_HELP}\nExits with 3 when there is no such torrent.`,
  completes: "nothing",
  options: MANAGER_OPTIONS,
  examples: [["tm why 3", "One torrent"], ["tm why is:stalled", "All that wait"]],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const chosen = await selectTorrents(manager, positionals);
      if (chosen.length === 0) return ExitCode.ok;
      const session = await manager.session();
      const reasons = await manager.torrents(
        REASON_FIELDS,
        hashesOf(chosen),
        (torrent) => readReasons(torrent, session),
      );
      await loadWidths(reasons.flatMap(({ torrent, causes }) => [
        torrent.name,
        ...causes.map(({ text }) => text),
      ]));
      for (const each of reasons) print(context, each);
      return ExitCode.ok;
    }),
});

function print({ terminal, json }: Context, { torrent, text, causes }: Reasons): void {
  const { hash, id, name, downRate, upRate } = torrent;
  if (json) {
    return terminal.print(jsonLine({ type: "why", torrent: hash, id, name, text, causes }));
  }
  const rates = `↓ ${formatRate(downRate)} ↑ ${formatRate(upRate)}`;
  terminal.print(printable(`${name}: ${text}${causes.length === 0 ? `, ${rates}` : ""}`));
  for (const line of describeCauses({ causes }, terminal.columns ?? PLAIN_COLUMNS)) {
    terminal.print(line);
  }
}
