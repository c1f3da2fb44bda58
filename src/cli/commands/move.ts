import { UsageError } from "../../base/mod.ts";
import { command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { hashesOf, reportDone } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { ID_HELP, selectTorrents } from "../manager/select_torrents.ts";
import { flag } from "../option.ts";

/** `tm move ID… DIR` */
export const move = command({
  name: "move",
  summary: "Put torrents into another folder",
  usage: "ID… DIR",
  about: "DIR is a folder where the manager runs: absolute, or below its download folder.\n" +
    "A tm daemon moves within that folder only.\n\n" +
    `${ID_HELP}\nExits with 3 when there is no such torrent.`,
  completes: "nothing",
  options: {
    ...MANAGER_OPTIONS,
    find: flag({ long: "find", help: "Move nothing: the files are in DIR already" }),
  },
  examples: [
    ["tm move 3 linux", "With its files"],
    ["tm move --find 3 /data/old", "They are there, look"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const location = positionals.at(-1);
      if (location === undefined || location === "" || positionals.length < 2) {
        throw new UsageError(`Expected an ID and a folder, got ${positionals.length}`);
      }
      const torrents = await selectTorrents(manager, positionals.slice(0, -1));
      if (torrents.length > 0) {
        const where = { location, move: !values.find };
        await manager.act("torrent-set-location", hashesOf(torrents), where);
      }
      const done = values.find ? "Now looked for there:" : "Moving";
      await reportDone(context, "moved", done, torrents);
      return ExitCode.ok;
    }),
});
