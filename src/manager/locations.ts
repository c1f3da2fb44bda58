import { type NameRules, nameRules, safeComponent } from "../metainfo/mod.ts";
import { refused } from "./complaint.ts";

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
    const message = `Expected a folder below the download folder, got ${text}`;
    throw refused({ code: "outside-folder", values: { path: text } }, message);
  }
  for (const name of components) checkName(name, rules);
  if (components[0]?.toLowerCase() === ".tm") {
    throw refused({ code: "own-folder", values: {} }, "Expected another folder than tm's own");
  }
  return components;
}

/** A name for a file or folder. Throws `UsageError`. */
export function checkName(name: string, rules: NameRules = nameRules(Deno.build.os)): string {
  if (name !== "" && safeComponent(name, rules) === name) return name;
  const message = `Expected a plain name without folders, got ${name}`;
  throw refused({ code: "bad-name", values: { name } }, message);
}
