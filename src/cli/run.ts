/** A whole run of `tm`: command line in, exit code out, everything else through the environment. */
import { UsageError } from "../base/mod.ts";
import { type Command, COMMON } from "./command.ts";
import { completions } from "./commands/completions.ts";
import { create } from "./commands/create.ts";
import { get } from "./commands/get.ts";
import { findCommand, help } from "./commands/help.ts";
import { info } from "./commands/info.ts";
import { seed } from "./commands/seed.ts";
import { share } from "./commands/share.ts";
import { tracker } from "./commands/tracker.ts";
import { verify } from "./commands/verify.ts";
import type { Environment } from "./environment.ts";
import { ExitCode } from "./exit_codes.ts";
import { reportFailure } from "./failure.ts";
import { overview, page } from "./help.ts";
import { flag, type OptionTable } from "./option.ts";
import { parse } from "./parse.ts";
import { asksForStream } from "./stream_option.ts";
import { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** All that there is help for. */
const EXPLAINED: readonly Command[] = [
  get,
  seed,
  share,
  info,
  create,
  verify,
  tracker,
  completions(() => COMMANDS),
];

/** All commands, in the order the help lists them. */
export const COMMANDS: readonly Command[] = [
  ...EXPLAINED,
  help(() => COMMANDS, EXPLAINED.map(({ name }) => name)),
];

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
    for (const line of overview(COMMANDS)) terminal.print(line);
    return ExitCode.ok;
  }
  const command = findCommand(COMMANDS, args[at]!);
  const running = command.run(env, [...before, ...args.slice(at + 1)]);
  if (running !== null) return await running;
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
