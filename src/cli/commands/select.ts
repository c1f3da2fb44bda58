import { UsageError } from "../../base/mod.ts";
import { command } from "../command.ts";
import { FILE_HELP, selectFiles } from "../manager/choose_files.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { showDetails } from "../manager/detail_command.ts";
import { selectOne } from "../manager/select_torrents.ts";
import { ExitCode } from "../exit_codes.ts";
import { FILE_LIST } from "./files.ts";

/** `tm select ID FILE…` */
export const select = command({
  name: "select",
  summary: "Choose the files a torrent downloads",
  usage: "ID FILE…",
  about: "These files are downloaded, the others are not; what is here stays. To turn\n" +
    `single files on or off there is tm priority.\n\n${FILE_HELP}\n` +
    "Exits with 3 when there is no such torrent or file.",
  completes: "nothing",
  options: MANAGER_OPTIONS,
  examples: [
    ["tm select 3 1,4-6", "By number"],
    ["tm select 3 '*.mkv' '*.srt'", "By name"],
    ["tm select 3 all", "Everything again"],
  ],
  run: (context, values, [id, ...given]) =>
    withManager(context, values, async (manager) => {
      if (id === undefined) throw new UsageError("Expected an ID and a FILE, got nothing");
      const torrent = await selectOne(manager, id);
      await selectFiles(manager, torrent.hash, given);
      if (!context.quiet) await showDetails(context, manager, [torrent], FILE_LIST);
      return ExitCode.ok;
    }),
});
