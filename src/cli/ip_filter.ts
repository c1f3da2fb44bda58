/** The list of addresses to keep away (`--ip-filter`). It is read here, as the engine may read no file but its own. */
import { type AddressRanges, messageOf } from "../base/mod.ts";
import type { Context } from "./command.ts";
import { InputTooLarge } from "./environment.ts";
import { CommandError, ExitCode } from "./exit_codes.ts";
import { formatCount } from "./units.ts";

/** Lines that a list may be made of, for those whose list has none. */
const EXPECTED = "Expected lines such as 1.2.3.0/24, 1.2.3.4-1.2.3.9 or name:1.2.3.4-1.2.3.9";

/** Reads the list at `path`, null for none. Throws {@linkcode CommandError} when it cannot be used; lines that cannot are told. */
export async function loadIpFilter(
  { env, terminal, quiet, verbose }: Context,
  path: string | undefined,
): Promise<AddressRanges | null> {
  if (path === undefined) return null;
  const { MAX_FILTER_BYTES, parseIpFilter } = await import("../net/mod.ts");
  const bytes = await env.files.read(path, MAX_FILTER_BYTES).catch((error) => {
    throw readFailure(error, path, env.locked);
  });
  if ((bytes[0] === 0x1f && bytes[1] === 0x8b) || (bytes[0] === 0x50 && bytes[1] === 0x4b)) {
    throw refusal(path, "it is compressed: unpack it first (gunzip, unzip)");
  }
  let parsed;
  try {
    parsed = parseIpFilter(bytes);
  } catch (error) {
    throw refusal(path, messageOf(error));
  }
  const { ranges, understood, misunderstood, firstBad } = parsed;
  if (understood === 0) throw refusal(path, `it has no addresses. ${EXPECTED}`);
  if (misunderstood > 0 && !quiet) {
    const lines = `${formatCount(misunderstood, "line")} not understood and left out`;
    terminal.printError(`${path}: ${lines}, the first is line ${firstBad}`);
  }
  const size = ranges.v4.length / 2 + ranges.v6.length / 8;
  if (verbose) terminal.printError(`${path}: ${formatCount(size, "range")} kept away`);
  return ranges;
}

function refusal(path: string, why: string): CommandError {
  return new CommandError(ExitCode.badOption, `Cannot use --ip-filter ${path}: ${why}`);
}

function readFailure(error: unknown, path: string, locked: boolean): CommandError {
  if (error instanceof InputTooLarge) return refusal(path, "it is larger than 128 MiB");
  if (error instanceof Deno.errors.NotFound) {
    return new CommandError(ExitCode.notFound, `No such file: ${path}`);
  }
  const hint = locked && error instanceof Deno.errors.NotCapable
    ? ": tm-locked can read only what is in ./downloads"
    : `: ${messageOf(error)}`;
  return new CommandError(ExitCode.cannotOpen, `Cannot read --ip-filter ${path}${hint}`);
}
