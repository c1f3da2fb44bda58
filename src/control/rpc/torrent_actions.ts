import type { ManagerApi, Selection } from "../../manager/mod.ts";
import { aBoolean } from "./arguments.ts";
import { type Method, type Methods, NOTHING } from "./call.ts";
import { selectionOf } from "./selection.ts";

/** Methods that do one thing to the torrents of `ids`. */
export const ACTIONS: Methods = {
  "torrent-start": action((manager, torrents) => manager.start(torrents, false)),
  "torrent-start-now": action((manager, torrents) => manager.start(torrents, true)),
  "torrent-stop": action((manager, torrents) => manager.stop(torrents)),
  "torrent-verify": action((manager, torrents) => manager.verify(torrents)),
  "torrent-reannounce": action((manager, torrents) => manager.reannounce(torrents)),
  "queue-move-top": action((manager, torrents) => manager.queue(torrents, "top")),
  "queue-move-up": action((manager, torrents) => manager.queue(torrents, "up")),
  "queue-move-down": action((manager, torrents) => manager.queue(torrents, "down")),
  "queue-move-bottom": action((manager, torrents) => manager.queue(torrents, "bottom")),
  "torrent-remove": async (args, { manager }) => {
    const data = args.read("delete-local-data", aBoolean) ?? false;
    await manager.remove(await selectionOf(args, manager), data);
    return NOTHING;
  },
};

function action(run: (manager: ManagerApi, torrents: Selection) => Promise<void>): Method {
  return async (args, { manager }) => {
    await run(manager, await selectionOf(args, manager));
    return NOTHING;
  };
}
