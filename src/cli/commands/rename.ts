import { UsageError } from "../../base/mod.ts";
import { FILE_FIELDS, readFiles } from "../../remote/mod.ts";
import { command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { selectOne } from "../manager/select_torrents.ts";
import { printable } from "../printable.ts";

/** `tm rename ID [PATH] NAME` */
export const rename = command({
  name: "rename",
  summary: "Give a torrent, file or folder of it another name",
  usage: "ID [PATH] NAME",
  about: "Without a PATH it is the torrent's own file or folder. PATH is a file's number\n" +
    "in tm files, or a path as it stands there, of a file or folder. NAME is one\n" +
    "name, no path.\n\nExits with 3 when there is no such torrent.",
  completes: "nothing",
  options: MANAGER_OPTIONS,
  examples: [
    ["tm rename 3 debian", "The torrent"],
    ["tm rename 3 2 manual.txt", "Its second file"],
    ["tm rename 3 'debian/extra stuff' extras", "A folder in it"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const [id, given] = positionals;
      const name = positionals.at(-1);
      if (id === undefined || name === undefined || ![2, 3].includes(positionals.length)) {
        throw new UsageError(`Expected an ID, perhaps a path, and a name`);
      }
      const torrent = await selectOne(manager, id);
      let path = positionals.length === 3 ? given ?? "" : torrent.name;
      if (positionals.length === 3 && /^\d{1,9}$/.test(path)) {
        const [files = []] = await manager.torrents(FILE_FIELDS, [torrent.hash], readFiles);
        path = files[Number(path) - 1]?.path ?? path;
      }
      await manager.act("torrent-rename-path", [torrent.hash], { path, name });
      const { terminal, json, quiet } = context;
      if (json) {
        terminal.print(jsonLine({ type: "renamed", torrent: torrent.hash, path, name }));
      } else if (!quiet) terminal.print(`Renamed ${printable(path)} to ${printable(name)}`);
      return ExitCode.ok;
    }),
});
