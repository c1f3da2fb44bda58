/** The file of a Unix socket: left behind by a process that was killed, and closed to other users. */

/** Only its owner may connect. */
const OWNER_ONLY = 0o600;

/**
 * Removes a socket that nobody listens on any more. Throws `AddrInUse` when somebody does, or when something else than a
 * socket is there.
 */
export async function clearSocket(path: string): Promise<void> {
  const there = await Deno.lstat(path).catch((error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
  if (there === null) return;
  if (there.isSocket !== true || await answers(path)) {
    throw new Deno.errors.AddrInUse(`${path} is in use`);
  }
  await Deno.remove(path);
}

/** What `listen` makes at once, with its file closed to others from the first moment on. */
export function closedToOthers<T>(listen: () => T): T {
  if (Deno.build.os === "windows") return listen();
  // of the whole process: a folder that another thread makes just then can still be used by its owner
  const before = Deno.umask(0o077);
  try {
    return listen();
  } finally {
    Deno.umask(before);
  }
}

/** Gives it the mode of a file; does nothing where files have no modes. */
export async function setOwnerOnly(path: string): Promise<void> {
  if (Deno.build.os !== "windows") await Deno.chmod(path, OWNER_ONLY);
}

async function answers(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}
