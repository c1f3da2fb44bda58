import { command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { hashesOf, reportDone } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { ID_HELP, selectTorrents } from "../manager/select_torrents.ts";
import { flag } from "../option.ts";

/** `tm remove ID…` */
export const remove = command({
  name: "remove",
  summary: "Forget torrents, with --data their files too",
  usage: "ID…",
  about: "Asks nothing and says what it did. Files stay unless --data is given; then\n" +
    "those of the torrent go, and nothing else.\n\n" +
    `${ID_HELP}\nExits with 3 when there is no such torrent.`,
  completes: "nothing",
  options: {
    ...MANAGER_OPTIONS,
    data: flag({ long: "data", aliases: ["delete-data"], help: "Delete their files" }),
  },
  examples: [
    ["tm remove 3", "The files stay"],
    ["tm remove --data 2,5-7", "With what they downloaded"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const torrents = await selectTorrents(manager, positionals);
      const what = { "delete-local-data": values.data };
      if (torrents.length > 0) await manager.act("torrent-remove", hashesOf(torrents), what);
      const [event, done] = values.data
        ? ["deleted", "Removed, with its data,"]
        : ["removed", "Removed"];
      await reportDone(context, event, done, torrents);
      return ExitCode.ok;
    }),
});
