/** Commands that do one thing to the torrents they are given. */
import { type Command, command, type Example } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { hashesOf, reportDone } from "./act.ts";
import { MANAGER_OPTIONS, withManager } from "./connect.ts";
import { ID_HELP, selectTorrents } from "./select_torrents.ts";

/** A command `tm NAME ID…` that calls one method. */
export interface ActDescription {
  readonly name: string;
  readonly summary: string;
  readonly about: string;
  /** The method of the RPC. */
  readonly method: string;
  /** The `type` in JSON and the first word in a line. */
  readonly event: string;
  readonly done: string;
  readonly examples: readonly Example[];
}

/** Makes such a command. */
export function actCommand(about: ActDescription): Command {
  return command({
    name: about.name,
    summary: about.summary,
    usage: "ID…",
    about: `${about.about}\n\n${ID_HELP}\nExits with 3 when there is no such torrent.`,
    completes: "nothing",
    options: MANAGER_OPTIONS,
    examples: about.examples,
    run: (context, values, positionals) =>
      withManager(context, values, async (manager) => {
        const torrents = await selectTorrents(manager, positionals);
        if (torrents.length > 0) await manager.act(about.method, hashesOf(torrents));
        await reportDone(context, about.event, about.done, torrents);
        return ExitCode.ok;
      }),
  });
}
