import { UsageError } from "../../base/mod.ts";
import { type Command, command } from "../command.ts";
import type { CommandEntry } from "../commands.ts";
import { ExitCode } from "../exit_codes.ts";
import { findCommand } from "../find_command.ts";
import { overview, page } from "../help.ts";

/** `tm help [COMMAND]`; `commands` are all, this one among them. */
export function help(commands: readonly CommandEntry[]): Command {
  return command({
    name: "help",
    summary: "Explain a command",
    usage: "[COMMAND]",
    about: "Without a COMMAND it lists them all.",
    completes: commands.map(({ name }) => name).filter((name) => name !== "help"),
    options: {},
    examples: [["tm help get", "Options, examples and exit codes"]],
    async run({ terminal }, _values, positionals) {
      if (positionals.length > 1) {
        throw new UsageError(`Expected one command, got ${positionals.length}`);
      }
      const lines = positionals.length === 0
        ? overview(commands)
        : page(await findCommand(commands, positionals[0]!).load());
      for (const line of lines) terminal.print(line);
      return ExitCode.ok;
    },
  });
}
