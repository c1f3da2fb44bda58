import { UsageError } from "../base/mod.ts";
import { type NameRules, nameRules, safeComponent } from "../metainfo/mod.ts";

/** Folders below the download folder, one in another, beyond which nobody goes. */
const MOST_DEPTH = 32;

/**
 * The components of a folder below the download folder, given with `/`; empty for that folder itself. Throws
 * `UsageError` for what leads out of it, or has a name that is not safe everywhere.
 */
export function parseLocation(
  text: string,
  rules: NameRules = nameRules(Deno.build.os),
): readonly string[] {
  const components = text.split("/").filter((name) => name !== "" && name !== ".");
  if (text.startsWith("/") || components.length > MOST_DEPTH) {
    throw new UsageError(`Expected a folder below the download folder, got ${text}`);
  }
  for (const name of components) checkName(name, rules);
  if (components[0]?.toLowerCase() === ".tm") {
    throw new UsageError("Expected another folder than tm's own");
  }
  return components;
}

/** A name for a file or folder. Throws `UsageError`. */
export function checkName(name: string, rules: NameRules = nameRules(Deno.build.os)): string {
  if (name !== "" && safeComponent(name, rules) === name) return name;
  throw new UsageError(`Expected a plain name without folders, got ${name}`);
}
