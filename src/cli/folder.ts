/** The one folder a run may touch. */
import { messageOf } from "../base/mod.ts";
import type { Environment } from "./environment.ts";
import { CommandError, ExitCode } from "./exit_codes.ts";
import { type Option, option } from "./option.ts";
import { text } from "./option_values.ts";

/** Where downloads go when nothing is said. */
export const DEFAULT_FOLDER = "./downloads";

/** `-d DIR`. */
export const folderOption: Option<string> = option({
  long: "dir",
  short: "d",
  placeholder: "DIR",
  complete: "folder",
  read: text,
  help: "The one folder to use (./downloads)",
}, DEFAULT_FOLDER);

/** Throws unless `tm-locked` (and any narrower grant) allows to write, or only to read, `folder`, named with `option`. */
export function checkFolder(
  env: Environment,
  folder: string,
  access: "read" | "write",
  option = "-d",
): void {
  if (!env.locked || env.permissions.allows(access, folder)) return;
  throw new CommandError(
    ExitCode.badOption,
    `tm-locked uses ./downloads and nothing else, got ${option} ${folder}; ` +
      "use tm for other folders",
  );
}

/** Makes the folder when it is missing; its absolute real path. `option` named it. Throws {@linkcode CommandError}. */
export async function openFolder(
  env: Environment,
  folder: string,
  option = "-d",
): Promise<string> {
  checkFolder(env, folder, "write", option);
  try {
    await env.files.makeFolder(folder);
  } catch (error) {
    throw new CommandError(ExitCode.cannotCreate, whyNot(error, folder, option));
  }
  return await existingFolder(env, folder);
}

/** The absolute real path of a folder that is there. Throws {@linkcode CommandError}. */
export async function existingFolder(env: Environment, folder: string): Promise<string> {
  try {
    return await env.files.realPath(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new CommandError(ExitCode.notFound, `No such folder: ${folder}`);
    }
    throw new CommandError(
      ExitCode.cannotOpen,
      `Cannot open the folder ${folder}: ${messageOf(error)}`,
    );
  }
}

function whyNot(error: unknown, folder: string, option: string): string {
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return `A file stands where the folder ${folder} should be; move it or choose another with ${option}`;
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return `No permission to make the folder ${folder}; choose another with ${option}`;
  }
  return `Cannot make the folder ${folder}: ${messageOf(error)}`;
}
