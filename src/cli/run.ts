/** A whole run of `tm`: command line in, exit code out, everything else through the environment. */
import { UsageError } from "../base/mod.ts";
import { COMMON } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { findCommand } from "./find_command.ts";
import type { Environment } from "./environment.ts";
import { ExitCode } from "./exit_codes.ts";
import { reportFailure } from "./failure.ts";
import { flag, type OptionTable } from "./option.ts";
import { parse } from "./parse.ts";
import { asksForStream } from "./stream_option.ts";
import { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** Switches that may stand before the command, as in `tm -v get`. */
const LEADING = {
  ...COMMON,
  version: flag({ long: "version", short: "V", help: "Print the version" }),
} as const satisfies OptionTable;

/** Runs `tm` with `args`; never throws for what a user, a disk or a network can do. */
export async function run(args: readonly string[], env: Environment): Promise<ExitCode> {
  try {
    return await dispatch(args, env);
  } catch (error) {
    // Nobody reads any more, as in `tm info x | head -1`: there is nobody to tell.
    if (error instanceof Deno.errors.BrokenPipe) return ExitCode.ok;
    return fail(args, env, error);
  }
}

async function dispatch(args: readonly string[], env: Environment): Promise<ExitCode> {
  const at = args.findIndex((word) => !word.startsWith("-"));
  const before = at < 0 ? args : args.slice(0, at);
  const { values } = parse(LEADING, before);
  const terminal = new Terminal(env, values.color);
  if (values.version) {
    terminal.print(`tm ${VERSION} (${env.platform})`);
    return ExitCode.ok;
  }
  if (at < 0) {
    const { overview } = await import("./help.ts");
    for (const line of overview(COMMANDS)) terminal.print(line);
    return ExitCode.ok;
  }
  const command = await findCommand(COMMANDS, args[at]!).load();
  const running = command.run(env, [...before, ...args.slice(at + 1)]);
  if (running !== null) return await running;
  const { page } = await import("./help.ts");
  for (const line of page(command)) terminal.print(line);
  return ExitCode.ok;
}

function fail(args: readonly string[], env: Environment, error: unknown): ExitCode {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  const screen = new Terminal(env, !options.includes("--no-color"));
  const terminal = asksForStream(options) ? screen.onStderr() : screen;
  try {
    const code = reportFailure(terminal, options.includes("--json"), error);
    if (error instanceof UsageError) terminal.printError(`Try: tm help${commandOf(args)}`);
    return code;
  } catch (again) {
    if (again instanceof Deno.errors.BrokenPipe) return ExitCode.unknown;
    throw again;
  }
}

/** The command in the line with a space before it, or nothing. */
function commandOf(args: readonly string[]): string {
  const found = COMMANDS.find(({ name }) => name === args.find((word) => !word.startsWith("-")));
  return found === undefined || found.name === "help" ? "" : ` ${found.name}`;
}
