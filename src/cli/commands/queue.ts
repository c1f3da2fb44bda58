import { UsageError } from "../../base/mod.ts";
import { command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { hashesOf, reportDone } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { ID_HELP, selectTorrents } from "../manager/select_torrents.ts";

const PLACES = ["top", "up", "down", "bottom"] as const;

/** `tm queue ID… PLACE` */
export const queue = command({
  name: "queue",
  summary: "Move torrents in the queue",
  usage: "ID… PLACE",
  about: "PLACE is top, up, down, bottom or a number, 1 first. tm session tells how many\n" +
    "run at a time; tm list --sort queue shows the order.\n\n" +
    `${ID_HELP}\nExits with 3 when there is no such torrent.`,
  completes: PLACES,
  options: MANAGER_OPTIONS,
  examples: [
    ["tm queue 3 top", "Next of all"],
    ["tm queue debian 5", "To the fifth place"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const place = positionals.at(-1) ?? "";
      const isNumber = /^[1-9]\d{0,5}$/.test(place);
      if (positionals.length < 2 || !(isNumber || PLACES.some((each) => each === place))) {
        throw new UsageError(`Expected an ID and ${PLACES.join(", ")} or a number`);
      }
      const torrents = await selectTorrents(manager, positionals.slice(0, -1));
      if (torrents.length > 0 && isNumber) {
        const position = { queuePosition: Number(place) - 1 };
        await manager.act("torrent-set", hashesOf(torrents), position);
      } else if (torrents.length > 0) {
        await manager.act(`queue-move-${place}`, hashesOf(torrents));
      }
      await reportDone(context, "queued", `To ${isNumber ? `place ${place}` : place}:`, torrents);
      return ExitCode.ok;
    }),
});
