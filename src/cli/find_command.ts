/** Commands by what somebody types. */
import { UsageError } from "../base/mod.ts";
import type { CommandEntry } from "./commands.ts";
import { suggest } from "./suggest.ts";

/** The command of that name. Throws `UsageError` with a suggestion. */
export function findCommand(commands: readonly CommandEntry[], name: string): CommandEntry {
  const found = commands.find((each) => each.name === name);
  if (found !== undefined) return found;
  if (/^(magnet:|https?:)|\.torrent$/i.test(name)) {
    throw new UsageError(`Expected a command before ${name}; did you mean tm get ${name}?`);
  }
  const near = suggest(name, commands.map((each) => each.name));
  const hint = near === null ? "tm help lists all" : `did you mean ${near}?`;
  throw new UsageError(`Unknown command ${name}; ${hint}`);
}
