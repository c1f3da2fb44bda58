import { UsageError } from "../../base/mod.ts";
import { type Command, command } from "../command.ts";
import { type CommandEntry, loadAll } from "../commands.ts";
import { bashCompletion } from "../completion_bash.ts";
import { fishCompletion } from "../completion_fish.ts";
import { zshCompletion } from "../completion_zsh.ts";
import { ExitCode } from "../exit_codes.ts";

const SHELLS: Readonly<Record<string, (commands: readonly Command[]) => string[]>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `tm completions SHELL`; `commands` are all, this one among them. */
export function completions(commands: readonly CommandEntry[]): Command {
  return command({
    name: "completions",
    summary: "Print completions for a shell",
    usage: "bash|zsh|fish",
    about: "Prints a script that makes the shell complete commands, options and files.",
    completes: Object.keys(SHELLS),
    options: {},
    examples: [
      ['eval "$(tm completions bash)"', "In ~/.bashrc"],
      ["tm completions zsh > ~/.zfunc/_tm", "With ~/.zfunc in fpath"],
      ["tm completions fish > ~/.config/fish/completions/tm.fish", "For fish"],
    ],
    async run({ terminal }, _values, positionals) {
      const shell = positionals[0] ?? "nothing";
      const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
      if (write === undefined || positionals.length > 1) {
        throw new UsageError(`Expected bash, zsh or fish, got ${positionals.join(" ") || shell}`);
      }
      for (const line of write(await loadAll(commands))) terminal.print(line);
      return ExitCode.ok;
    },
  });
}
