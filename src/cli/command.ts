/** What a command is: a name, an option table, words of help and a function. */
import type { Environment } from "./environment.ts";
import type { ExitCode } from "./exit_codes.ts";
import { type Completion, flag, type Option, type OptionTable, type Values } from "./option.ts";
import { parse } from "./parse.ts";
import { Terminal } from "./terminal.ts";

/** Options every command has. */
export const COMMON = {
  json: flag({ long: "json", help: "Print JSON, one object a line" }),
  quiet: flag({ long: "quiet", short: "q", help: "Print errors only" }),
  verbose: flag({ long: "verbose", short: "v", help: "Say more, first what tm may touch" }),
  color: flag({ long: "color", aliases: ["colour"], on: true, help: "Print without colours" }),
  help: flag({ long: "help", short: "h", help: "Show this help" }),
} as const satisfies OptionTable;

/** What a command runs with. */
export interface Context {
  readonly env: Environment;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** An example for the help: the line to type and what it does. */
export type Example = readonly [line: string, does: string];

interface Description<Table extends OptionTable> {
  readonly name: string;
  /** One line, sentence case, no full stop. */
  readonly summary: string;
  /** What follows `tm NAME` in the usage line, options left out. */
  readonly usage: string;
  /** A paragraph or two for the help, lines of at most 80 columns. */
  readonly about: string;
  /** What the shell offers for an argument. */
  readonly completes: Completion;
  readonly options: Table;
  readonly examples: readonly Example[];
}

/** A command with its types closed over. */
export interface Command extends Description<OptionTable> {
  /** Parses and runs; throws `UsageError` and whatever else goes wrong. Null: help was asked for. */
  run(env: Environment, args: readonly string[]): Promise<ExitCode> | null;
}

/** Makes a command of its description and its function. */
export function command<Table extends OptionTable>(
  description: Description<Table> & {
    readonly run: (
      context: Context,
      values: Values<Table>,
      positionals: readonly string[],
    ) => Promise<ExitCode>;
  },
): Command {
  const options: OptionTable = { ...description.options, ...COMMON };
  return {
    ...description,
    options,
    run(env, args) {
      const { values, positionals } = parse(options, args);
      const common = values as Values<typeof COMMON>;
      if (common.help) return null;
      const { json, quiet, verbose, color } = common;
      const context = { env, terminal: new Terminal(env, color), json, quiet, verbose };
      return description.run(context, values as Values<Table>, positionals);
    },
  };
}

/** The options of a command that help and completions show. */
export function shownOptions(command: Command): Option<unknown>[] {
  return Object.values(command.options).filter(({ hidden }) => !hidden);
}
