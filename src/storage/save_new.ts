import type { Bytes } from "../base/mod.ts";
import { equalBytes } from "../base/mod.ts";
import { asDiskError, DiskError } from "./disk_error.ts";

/**
 * Writes a file that was not there, all of it or nothing; `same` when it stands there already with the same content.
 * Throws `DiskError`, with the reason `exists` when something else has its name.
 */
export function saveNew(path: string, bytes: Bytes): "saved" | "same" {
  if (stands(path)) return expectSame(path, bytes);
  const part = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    Deno.writeFileSync(part, bytes, { createNew: true });
    put(part, path);
    return "saved";
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return expectSame(path, bytes);
    throw asDiskError(error, path);
  } finally {
    remove(part);
  }
}

/** A second name for it fails where something stands; file systems without second names get it moved. */
function put(part: string, path: string): void {
  try {
    Deno.linkSync(part, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    if (stands(path)) throw new Deno.errors.AlreadyExists(path);
    Deno.renameSync(part, path);
  }
}

function expectSame(path: string, bytes: Bytes): "same" {
  const info = Deno.lstatSync(path);
  const same = info.isFile && info.size === bytes.length &&
    equalBytes(Deno.readFileSync(path), bytes);
  if (same) return "same";
  throw new DiskError("exists", path, `Refused to overwrite ${path}, it holds something else`);
}

function stands(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw asDiskError(error, path);
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // moved, or never made
  }
}
