import { DiskError } from "./disk_error.ts";
import type { DiskSpace, FileSystem } from "./file_system.ts";
import { SafePaths } from "./safe_paths.ts";

/**
 * Room on the file system where a path below `folder` lies, or would lie once it is made; null when not told. Throws
 * `DiskError` for unsafe names and for links, which lead elsewhere.
 */
export function spaceAt(
  folder: string,
  system: FileSystem,
  components: readonly string[],
): DiskSpace | null {
  if (components.length > 0) new SafePaths(folder, system).text(components);
  let path = folder;
  for (const name of components) {
    const next = `${path}/${name}`;
    const info = system.info(next);
    if (info?.kind === "link") {
      throw new DiskError("link", next, `Refused to follow a link: ${next}`);
    }
    if (info?.kind !== "folder") break;
    path = next;
  }
  return system.space(path);
}
