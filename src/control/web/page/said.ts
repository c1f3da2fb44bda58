/** What the manager tells as a code with values, in the reader's words. */
import type { Counted } from "./counted.ts";
import { type Format, isolated } from "./format.ts";

/** What a sentence is made of, as the manager tells it: numbers count things, but for those named by their unit. */
export type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Names of numbers that are not counted but measured. */
type Unit = "port" | "seconds" | "bytes" | "rate" | `${string}Bytes` | `${string}Rate`;

/** Names of values that are codes themselves. */
const CODES: readonly string[] = ["fault", "mapping", "reason"];

/** A value as it stands in a sentence; without a rate, `""`: there is no limit. */
type ShownValue<Name, Value> = Value extends number ? Name extends Unit ? string : Counted : Value;

/** Values as they stand in a sentence. */
export type Shown<V> = { readonly [Name in keyof V]: ShownValue<Name, V[Name]> };

/** The words for a code: as they are, or made of its values. */
export type Saying<V, Word> = Word | ((values: V) => Word);

/** A sentence, and what to do. */
export type Advised = readonly [text: string, advice: string];

/** Words by their codes, whatever values they take. */
export type Sayings<Word> = Readonly<Record<string, Saying<never, Word>>>;

/** What the words say of a code and its values; null: they do not know the code. */
export function said<Word>(
  sayings: Sayings<Word>,
  code: string,
  values: Values,
  format: Format,
): Word | null {
  if (!Object.hasOwn(sayings, code)) return null;
  const saying = sayings[code] as Saying<unknown, Word>;
  return typeof saying === "function"
    ? (saying as (values: unknown) => Word)(shown(values, format))
    : saying;
}

/** The values of a sentence as its reader writes them, and strangers' texts apart from what is around them. */
export function shown(values: Values, format: Format): Shown<Values> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === "string") return [name, isText(name, value) ? isolated(value) : value];
      return [name, typeof value === "number" ? figure(name, value, format) : value];
    }),
  );
}

/** Some are codes themselves, which stand in no sentence. */
function isText(name: string, value: string): boolean {
  return value !== "" && !CODES.includes(name);
}

function figure(name: string, value: number, format: Format): string | Counted {
  if (name === "port") return String(value);
  if (/bytes$/i.test(name)) return format.size(value);
  if (/rate$/i.test(name)) return format.rate(value);
  return name === "seconds" ? format.duration(value) : format.counted(value);
}
