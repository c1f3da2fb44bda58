import { command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { hashesOf, reportDone } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { ID_HELP, selectTorrents } from "../manager/select_torrents.ts";
import { flag } from "../option.ts";

/** `tm resume ID…` */
export const resume = command({
  name: "resume",
  summary: "Start torrents that were stopped",
  usage: "ID…",
  about: "They take their place in the queue, and with --now go past it.\n\n" +
    `${ID_HELP}\nExits with 3 when there is no such torrent.`,
  completes: "nothing",
  options: {
    ...MANAGER_OPTIONS,
    now: flag({ long: "now", help: "Past the queue" }),
  },
  examples: [
    ["tm resume all", "Everything"],
    ["tm resume --now debian", "At once, by a part of the name"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const torrents = await selectTorrents(manager, positionals);
      const method = values.now ? "torrent-start-now" : "torrent-start";
      if (torrents.length > 0) await manager.act(method, hashesOf(torrents));
      await reportDone(context, "resumed", "Resumed", torrents);
      return ExitCode.ok;
    }),
});
