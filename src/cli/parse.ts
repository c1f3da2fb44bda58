/** From words to typed values, by an option table. */
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../base/mod.ts";
import type { Option, OptionTable, Values } from "./option.ts";
import { shownName } from "./spelling.ts";
import { suggest } from "./suggest.ts";

/** A command line taken apart. */
export interface Parsed<Table extends OptionTable> {
  readonly values: Values<Table>;
  /** Everything that is no option, in order, as text. */
  readonly positionals: readonly string[];
}

/**
 * Reads `args` by `table`. `--name value`, `--name=value`, `-n value`, `-nvalue`, `-abc`, `--no-name`, `--` to end the
 * options, options and arguments in any order. Throws `UsageError`, with a suggestion for a name that is unknown.
 */
export function parse<Table extends OptionTable>(
  table: Table,
  args: readonly string[],
): Parsed<Table> {
  const options = Object.values(table);
  const parsed = parseArgs(spellOut(options, args), {
    // "_" keeps arguments that look like numbers as they were typed
    string: ["_", ...options.map(keyOf)],
    collect: options.map(keyOf),
    "--": true,
  });
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(table)) {
    values[key] = option.read(parsed[keyOf(option)] as string[] | undefined ?? []);
  }
  const positionals = [...parsed._.map(String), ...parsed["--"] ?? []];
  return { values: values as Values<Table>, positionals };
}

/**
 * The same command line with every option as `--long=value`. `parseArgs` has to guess in every other form: whether
 * `-dx` is `-d x` or `-d -x`, whether `true` belongs to the switch before it, whether a value is missing or empty.
 */
function spellOut(options: readonly Option<unknown>[], args: readonly string[]): string[] {
  const out: string[] = [];
  const words = args.values();
  for (const word of words) {
    if (word === "--") return [...out, "--", ...words];
    if (word === "-" || !word.startsWith("-")) {
      out.push(word);
      continue;
    }
    for (const { option, name, attached, on } of split(options, word)) {
      if (option.value === null) {
        // aria2's fingers write --allow-overwrite=true
        if (attached !== null && attached !== "true" && attached !== "false") {
          throw new UsageError(`${name} takes no value, got "${attached}"`);
        }
        out.push(`--${keyOf(option)}=${attached === "false" ? !on : on}`);
        continue;
      }
      const value = attached ?? (option.value.optional ? "" : words.next().value);
      if (value === undefined) {
        throw new UsageError(`Expected ${option.value.placeholder} after ${name}, got nothing`);
      }
      out.push(`--${keyOf(option)}=${value}`);
    }
  }
  return out;
}

/** What `parseArgs` calls an option: it would take `no-x` for the opposite of `x`, which may be another option. */
function keyOf({ long }: Option<unknown>): string {
  return long.startsWith("no-") ? `:${long}` : long;
}

interface Named {
  readonly option: Option<unknown>;
  /** As it was typed, for messages. */
  readonly name: string;
  /** A value in the same word, null without one. */
  readonly attached: string | null;
  /** False for `--no-…`. */
  readonly on: boolean;
}

/** The options in one word, of which there can be several (`-qv`). */
function split(options: readonly Option<unknown>[], word: string): Named[] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    const attached = equals < 0 ? null : word.slice(equals + 1);
    const long = name.slice(2);
    const option = options.find((each) => each.long === long || each.aliases?.includes(long));
    if (option !== undefined) return [{ option, name, attached, on: true }];
    const negated = long.startsWith("no-")
      ? options.find((each) => each.value === null && each.long === long.slice(3))
      : undefined;
    if (negated !== undefined) return [{ option: negated, name, attached, on: false }];
    throw unknownOption(options, name);
  }
  const out: Named[] = [];
  for (let at = 1; at < word.length; at++) {
    const name = `-${word[at]}`;
    const option = options.find((each) => each.short === word[at]);
    if (option === undefined) throw unknownOption(options, name);
    const rest = word.slice(at + 1);
    const takesRest = option.value !== null && rest !== "";
    out.push({ option, name, attached: takesRest ? rest.replace(/^=/, "") : null, on: true });
    if (takesRest) break;
  }
  return out;
}

function unknownOption(options: readonly Option<unknown>[], name: string): UsageError {
  // A switch that is on already is only ever typed to turn it off.
  const names = options.flatMap((option) =>
    option.on
      ? [shownName(option)]
      : [option.long, ...option.aliases ?? []].map((long) => `--${long}`)
  );
  const near = name.startsWith("--") ? suggest(name, names) : null;
  return new UsageError(
    `Unknown option ${name}` + (near === null ? "" : `; did you mean ${near}?`),
  );
}
