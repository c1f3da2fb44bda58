/** Paths as clients say them, absolute, and as the manager wants them: below the download folder. */
import { RpcCode, RpcError } from "./rpc_error.ts";

/** The absolute path of a place below `folder`. */
export function absolute(folder: string, below: string): string {
  return below === "" ? folder : `${folder.replace(/\/$/, "")}/${below}`;
}

/**
 * A path in `folder`, said absolutely or from there, as the path below it, without `.` and doubled or closing slashes.
 * Throws {@linkcode RpcError} for one that leaves it, if only on the way. What links do is for the manager to see.
 */
export function below(folder: string, path: string, windows = Deno.build.os === "windows"): string {
  const parts = partsOf(path, windows);
  const root = partsOf(folder, windows);
  const isAbsolute = path.startsWith("/") ||
    (windows && (path.startsWith("\\") || /^[a-z]:/i.test(path)));
  const same = (a: string, b: string | undefined) =>
    windows ? a.toLowerCase() === b?.toLowerCase() : a === b;
  const inside = isAbsolute
    ? root.every((part, i) => same(part, parts[i])) ? parts.slice(root.length) : null
    : parts;
  if (inside === null || inside.includes("..")) {
    const message = `Expected a path in the download folder ${folder}`;
    throw new RpcError(RpcCode.params, message, { code: "outside-folder", values: { path } });
  }
  return inside.join("/");
}

function partsOf(path: string, windows: boolean): string[] {
  return path.split(windows ? /[/\\]/ : "/").filter((part) => part !== "" && part !== ".");
}
