/** What `tm create` and `tm share` have in common: the content that is given, and the torrent file of it. */
import { dirname } from "@std/path";
import { type Bytes, messageOf, UsageError } from "../base/mod.ts";
import type { Context } from "./command.ts";
import type { Environment } from "./environment.ts";
import { CommandError, ExitCode } from "./exit_codes.ts";
import { jsonLine } from "./json_line.ts";
import { printable } from "./printable.ts";

/** The real path of the one file or folder on the command line. Throws {@linkcode CommandError}, `UsageError`. */
export async function contentPath(
  env: Environment,
  positionals: readonly string[],
): Promise<string> {
  const given = positionals[0];
  if (given === undefined || positionals.length > 1) {
    throw new UsageError(`Expected one file or folder, got ${positionals.length}`);
  }
  const path = await realPath(env, given);
  if (dirname(path) === path) throw new UsageError(`Expected something with a name, got ${path}`);
  return path;
}

async function realPath(env: Environment, given: string): Promise<string> {
  try {
    return await env.files.realPath(given);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new CommandError(ExitCode.notFound, `No such file or folder: ${given}`);
    }
    if (error instanceof Deno.errors.NotCapable && env.locked) {
      throw new CommandError(
        ExitCode.cannotOpen,
        `tm-locked can read ./downloads only, got ${given}; use tm for other places`,
      );
    }
    throw new CommandError(ExitCode.cannotOpen, `Cannot open ${given}: ${messageOf(error)}`);
  }
}

/** Throws {@linkcode CommandError} when a torrent file cannot be written there, before anything is hashed for it. */
export async function checkOutput(
  env: Environment,
  output: string,
  force: boolean,
): Promise<void> {
  if (env.locked && !env.permissions.allows("write", output)) {
    throw new CommandError(
      ExitCode.badOption,
      `tm-locked can write in ./downloads only, got -o ${output}`,
    );
  }
  try {
    if (!force && await env.files.exists(output)) throw fileExists(output);
  } catch (error) {
    throw error instanceof CommandError ? error : cannotWrite(output, error);
  }
}

/** Writes a torrent file; throws {@linkcode CommandError}. */
export async function writeTorrent(
  env: Environment,
  output: string,
  torrent: Bytes,
  force: boolean,
): Promise<void> {
  try {
    await env.files.write(output, torrent, force);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw fileExists(output);
    throw cannotWrite(output, error);
  }
}

function cannotWrite(output: string, error: unknown): CommandError {
  return new CommandError(
    ExitCode.cannotCreate,
    error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable
      ? `No permission to write ${output}; choose another place with -o`
      : isTooLong(error)
      ? `The name ${output} is too long; choose a shorter one with -o`
      : `Cannot write ${output}: ${messageOf(error)}`,
  );
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
}

function fileExists(output: string): CommandError {
  return new CommandError(
    ExitCode.fileExists,
    `${output} exists; choose another with -o, or overwrite it with --force`,
  );
}

/** Says something that the user should know. */
export function warn({ terminal, json, quiet }: Context, message: string): void {
  if (json) terminal.print(jsonLine({ type: "warning", torrent: null, message }));
  else if (!quiet) terminal.complain("Warning", printable(message));
}
