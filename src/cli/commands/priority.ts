import { UsageError } from "../../base/mod.ts";
import {
  FILE_FIELDS,
  type FileLevel,
  type JsonObject,
  readFiles,
  type RemoteManager,
} from "../../remote/mod.ts";
import { command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { hashesOf, reportDone } from "../manager/act.ts";
import { chooseFiles, FILE_HELP } from "../manager/choose_files.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { showDetails } from "../manager/detail_command.ts";
import { selectOne, selectTorrents } from "../manager/select_torrents.ts";
import { choice } from "../option_values.ts";
import { FILE_LIST } from "./files.ts";

const LEVELS = ["off", "low", "normal", "high"] as const;
const BANDWIDTH = { low: -1, normal: 0, high: 1 } as const;

/** `tm priority ID LEVEL [FILE…]` */
export const priority = command({
  name: "priority",
  summary: "Say what comes first, files or torrents",
  usage: "ID LEVEL [FILE…]",
  about: "LEVEL is off (not downloaded), low, normal or high; other files stay as they\n" +
    "are. Without a FILE it is the torrent's part of the bandwidth (not off).\n\n" +
    `${FILE_HELP}\nExits with 3 when there is no such torrent or file.`,
  completes: LEVELS,
  options: MANAGER_OPTIONS,
  examples: [
    ["tm priority 3 high 1", "The first file first"],
    ["tm priority 3 off '*.txt'", "Without these"],
    ["tm priority 3 low", "After the other torrents"],
  ],
  run: (context, values, [id, word, ...given]) =>
    withManager(context, values, async (manager) => {
      if (id === undefined || word === undefined) {
        throw new UsageError("Expected an ID and off, low, normal or high");
      }
      const level = choice(LEVELS)(word, "the ID");
      if (given.length === 0) {
        if (level === "off") throw new UsageError("Expected a FILE after off; for all: tm pause");
        const torrents = await selectTorrents(manager, [id]);
        const change = { bandwidthPriority: BANDWIDTH[level] };
        if (torrents.length > 0) await manager.act("torrent-set", hashesOf(torrents), change);
        await reportDone(context, "changed", `Priority ${level}:`, torrents);
        return ExitCode.ok;
      }
      const torrent = await selectOne(manager, id);
      await setLevel(manager, torrent.hash, level, given);
      if (!context.quiet) await showDetails(context, manager, [torrent], FILE_LIST);
      return ExitCode.ok;
    }),
});

async function setLevel(
  manager: RemoteManager,
  hash: string,
  level: FileLevel,
  given: readonly string[],
): Promise<void> {
  const [files = []] = await manager.torrents(FILE_FIELDS, [hash], readFiles);
  const numbers = chooseFiles(files, given).map(({ number }) => number - 1);
  // an empty list would mean all of them to the manager
  if (numbers.length === 0) return;
  const change: JsonObject = level === "off"
    ? { "files-unwanted": numbers }
    : { "files-wanted": numbers, [`priority-${level}`]: numbers };
  await manager.act("torrent-set", [hash], change);
}
