import type { Bytes } from "../base/mod.ts";
import { asDiskError } from "./disk_error.ts";
import { stateFile } from "./state_folder.ts";

/** A file of ours in `<folder>/.tm`, null when there is none. Rejects with `StorageError`. */
export async function readKept(folder: string, name: string): Promise<Bytes | null> {
  const path = stateFile(folder, name);
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw asDiskError(error, path);
  }
}

/** Keeps a file in `<folder>/.tm`, in place of what stood there: after a crash it is the old one or the new one. Rejects with `StorageError`. */
export async function keepFile(folder: string, name: string, bytes: Bytes): Promise<void> {
  const path = stateFile(folder, name);
  const fresh = stateFile(folder, `${name}.new`);
  try {
    {
      using file = await Deno.open(fresh, { write: true, create: true, truncate: true });
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.syncData();
    }
    await Deno.rename(fresh, path);
  } catch (error) {
    await Deno.remove(fresh).catch(() => {});
    throw asDiskError(error, path);
  }
}
