/** The options of {@linkcode parseArgs} this project uses. */
export interface ParseOptions {
  boolean?: readonly string[];
  string?: readonly string[];
  collect?: readonly string[];
  negatable?: readonly string[];
  alias?: Readonly<Record<string, string | readonly string[]>>;
  default?: Readonly<Record<string, unknown>>;
  stopEarly?: boolean;
  "--"?: boolean;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
/** Positional arguments in `_`, options under their names. */
export interface Args {
  _: (string | number)[];
  "--"?: string[];
  [name: string]: unknown;
}
/** Splits a command line into options and positional arguments. */
export function parseArgs(args: readonly string[], options?: ParseOptions): Args;
