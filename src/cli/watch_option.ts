/** The folders of `--watch`. */
import { UsageError } from "../base/mod.ts";
import type { Environment } from "./environment.ts";
import { openFolder } from "./folder.ts";

/** More than anybody needs; each is looked at every two seconds. */
const MOST_WATCHED = 32;

/**
 * Makes the folders that are missing; their absolute real paths, each once. `downloads` is the real path of the
 * download folder. Throws `CommandError`, and `UsageError` for a folder whose files strangers choose, or tm.
 */
export async function watchedFolders(
  env: Environment,
  given: readonly string[],
  downloads: string,
): Promise<string[]> {
  if (given.length > MOST_WATCHED) {
    throw new UsageError(`Expected at most ${MOST_WATCHED} folders to watch, got ${given.length}`);
  }
  const folders = new Map<string, string>();
  for (const folder of given) folders.set(await openFolder(env, folder, "--watch"), folder);
  for (const [path, folder] of folders) {
    if (`${downloads}/`.startsWith(`${path}/`) || path.startsWith(`${downloads}/.tm/`)) {
      throw new UsageError(
        `Expected a folder of its own to watch, got --watch ${folder}: downloads go there`,
      );
    }
    for (const other of folders.keys()) {
      if (!path.startsWith(`${other}/`)) continue;
      throw new UsageError(`Expected folders apart to watch, got --watch ${folder} in another`);
    }
  }
  return [...folders.keys()];
}
