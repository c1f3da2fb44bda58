/** One option of a command, as a value: parsing, help and completions all read the same table. */

/** What the shell can offer after an option or in place of an argument. */
export type Completion = "file" | "folder" | "nothing" | readonly string[];

/** What follows the name of an option. */
export interface OptionValue {
  readonly placeholder: string;
  readonly complete: Completion;
  /** It may be left out, and stands in the same word (`--name=value`) where it is given. */
  readonly optional?: true;
}

/** An option whose value in the end is a `T`. */
export interface Option<T> {
  /** Name without the dashes. */
  readonly long: string;
  /** One letter. */
  readonly short?: string;
  /** Other long names, accepted and not shown. */
  readonly aliases?: readonly string[];
  /** One line, sentence case, no full stop. */
  readonly help: string;
  /** What follows the name, null for a switch. */
  readonly value: OptionValue | null;
  /** A switch that is on unless `--no-…` is given. */
  readonly on: boolean;
  /** Accepted for other programs' sake and not shown. */
  readonly hidden: boolean;
  /** The value, from what stood on the command line in order (`true` or `false` for a switch). Throws `UsageError`. */
  read(texts: readonly string[]): T;
}

/** Options by the names the code calls them. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What a table's options come to. */
export type Values<Table extends OptionTable> = {
  readonly [K in keyof Table]: Table[K] extends Option<infer T> ? T : never;
};

/** Checks and converts one text; `name` (`--dir`) is for the message. Throws `UsageError`. */
export type Reader<T> = (text: string, name: string) => T;

interface Names {
  readonly long: string;
  readonly short?: string;
  readonly aliases?: readonly string[];
  readonly help: string;
  readonly hidden?: boolean;
}

interface Valued<T> extends Names {
  readonly placeholder: string;
  readonly complete?: Completion;
  readonly read: Reader<T>;
}

/** A switch; `on` makes it one that is only ever switched off. */
export function flag(names: Names & { readonly on?: boolean }): Option<boolean> {
  const on = names.on ?? false;
  return {
    ...naming(names),
    value: null,
    on,
    read: (texts) => texts.length === 0 ? on : texts.at(-1) === "true",
  };
}

/** An option with a value, `fallback` when it is not given; the last one given counts. */
export function option<T>(names: Valued<T>, fallback: T): Option<T>;
export function option<T>(names: Valued<T>): Option<T | undefined>;
export function option<T>(names: Valued<T>, fallback?: T): Option<T | undefined> {
  return {
    ...valued(names),
    read(texts) {
      const values = texts.map((text) => names.read(text, `--${names.long}`));
      return values.length === 0 ? fallback : values.at(-1);
    },
  };
}

/** An option whose value may be left out: `bare` then, and undefined where it is not given. */
export function optional<T>(
  names: Valued<T>,
  bare: T,
): Option<T | undefined> {
  const { value, ...rest } = valued(names);
  return {
    ...rest,
    value: { ...value, optional: true },
    read(texts) {
      const last = texts.at(-1);
      if (last === undefined) return undefined;
      return last === "" ? bare : names.read(last, `--${names.long}`);
    },
  };
}

/** An option that may be given several times. */
export function repeated<T>(names: Valued<T>): Option<readonly T[]> {
  return {
    ...valued(names),
    read: (texts) => texts.map((text) => names.read(text, `--${names.long}`)),
  };
}

function naming(names: Names) {
  const { long, short, aliases, help } = names;
  return {
    long,
    help,
    ...(short === undefined ? {} : { short }),
    ...(aliases === undefined ? {} : { aliases }),
    hidden: names.hidden ?? false,
  };
}

function valued<T>(names: Valued<T>) {
  const value = { placeholder: names.placeholder, complete: names.complete ?? "nothing" };
  return { ...naming(names), value, on: false };
}
