/** `tm get -o -`: the torrent's data goes to standard output, everything else to standard error. */
import { UsageError } from "../base/mod.ts";

/** What `-o` is followed by. */
export const STDOUT = "-";

/**
 * True when a command line asks for a stream, as far as can be told before it is parsed: errors in it must not end up
 * among the data either.
 */
export function asksForStream(args: readonly string[]): boolean {
  if (args.find((word) => !word.startsWith("-")) !== "get") return false;
  return args.some((word, i) =>
    /^(-[a-zA-Z]*o=?|--out=)-$/.test(word) ||
    (/^(-[a-zA-Z]*o|--out)$/.test(word) && args[i + 1] === STDOUT)
  );
}

/** Throws when an option was given that speaks of files on disk: names, each with whether it was. */
export function refuseFileOptions(given: Readonly<Record<string, boolean>>): void {
  for (const [name, isGiven] of Object.entries(given)) {
    if (!isGiven) continue;
    throw new UsageError(`Expected no ${name} with -o -, a stream leaves nothing on disk`);
  }
}
