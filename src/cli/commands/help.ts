import { UsageError } from "../../base/mod.ts";
import { type Command, command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { overview, page } from "../help.ts";
import { suggest } from "../suggest.ts";

/** `tm help [COMMAND]`; `commands` gives all commands, this one among them; the shell offers `names`. */
export function help(commands: () => readonly Command[], names: readonly string[]): Command {
  return command({
    name: "help",
    summary: "Explain a command",
    usage: "[COMMAND]",
    about: "Without a COMMAND it lists them all.",
    completes: names,
    options: {},
    examples: [["tm help get", "Options, examples and exit codes"]],
    run({ terminal }, _values, positionals) {
      if (positionals.length > 1) {
        throw new UsageError(`Expected one command, got ${positionals.length}`);
      }
      const lines = positionals.length === 0
        ? overview(commands())
        : page(findCommand(commands(), positionals[0]!));
      for (const line of lines) terminal.print(line);
      return Promise.resolve(ExitCode.ok);
    },
  });
}

/** The command of that name. Throws `UsageError` with a suggestion. */
export function findCommand(commands: readonly Command[], name: string): Command {
  const found = commands.find((each) => each.name === name);
  if (found !== undefined) return found;
  if (/^(magnet:|https?:)|\.torrent$/i.test(name)) {
    throw new UsageError(`Expected a command before ${name}; did you mean tm get ${name}?`);
  }
  const near = suggest(name, commands.map((each) => each.name));
  const hint = near === null ? "tm help lists all" : `did you mean ${near}?`;
  throw new UsageError(`Unknown command ${name}; ${hint}`);
}
