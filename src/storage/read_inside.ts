import type { Bytes } from "../base/mod.ts";
import { asDiskError, DiskError } from "./disk_error.ts";
import { systemFiles } from "./file_system.ts";
import { SafePaths } from "./safe_paths.ts";

/**
 * A file below `folder`, by its components, of at most `limit` bytes; no link is followed. Throws `DiskError`:
 * `missing`, `link`, `not-a-folder`, `other` for one that is too large.
 */
export function readInside(folder: string, components: readonly string[], limit: number): Bytes {
  const paths = new SafePaths(folder, systemFiles);
  const path = paths.text(components);
  try {
    const info = paths.look(components);
    if (info === null) throw new DiskError("missing", path, `Not found: ${path}`);
    if (info.size > limit) {
      throw new DiskError("other", path, `Expected at most ${limit} bytes: ${path}`);
    }
    const file = systemFiles.open(path, "read");
    try {
      const bytes: Bytes = new Uint8Array(info.size);
      return bytes.subarray(0, file.readAt(bytes, 0));
    } finally {
      file.close();
    }
  } catch (error) {
    throw asDiskError(error, path);
  }
}
