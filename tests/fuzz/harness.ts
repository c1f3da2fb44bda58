/**
 * Seeded mutation of decoders. A fuzz test is one call:
 *
 *     fuzz({
 *       name: "messages of the wire",
 *       corpus: [encodeMessage({ type: "choke" }), …],      // valid inputs; every mutation starts from one
 *       decode: (bytes) => decodeMessage(bytes),            // may be async
 *       refusals: [ProtocolError],                          // what it may throw; anything else is a failure
 *       check: (message, bytes) => assertEquals(encodeMessage(message), bytes),
 *     });
 *
 * `decode` answers null or throws one of `refusals` for bad input; `check` sees every input that was accepted.
 * Where the encoding is canonical, check that encoding gives the bytes back. `size` (optional) is what a result
 * holds, in entries or bytes; it may not exceed the input's length, so that few bytes never cost much memory.
 * `generate` (optional) makes half of the inputs from scratch, for decoders that refuse most mutations early.
 *
 * Every corpus entry must itself be accepted. 2,000 cases run by default; `deno task fuzz` asks for 100,000.
 * Flags after `--`: `--cases=N`, `--seed=N` (default 1), `--case=K` to run one case again, as a failure prints it.
 * A case depends on seed and number alone. A case of more than ten seconds fails; one that never ends shows as such.
 */
import { assert } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { type Bytes, type Random, SeededRandom, toHex } from "../../src/base/mod.ts";
import { mutate } from "./mutate.ts";

const DEFAULT_CASES = 2_000;
const SLOW_MS = 10_000;

type ErrorClass = abstract new (...args: never[]) => Error;

/** One decoder and what must hold for it. */
export interface FuzzTarget<T> {
  readonly name: string;
  readonly corpus: readonly Bytes[];
  readonly decode: (bytes: Bytes) => T | null | Promise<T | null>;
  readonly refusals?: readonly ErrorClass[];
  readonly check?: (value: T, bytes: Bytes) => void;
  readonly size?: (value: T) => number;
  readonly generate?: (random: Random) => Bytes;
}

/** Registers the fuzz test of `target`. */
export function fuzz<T>(target: FuzzTarget<T>): void {
  const { cases, seed, only } = settings(Deno.args);
  Deno.test(`fuzz: ${target.name}`, async () => {
    for (const [i, bytes] of target.corpus.entries()) {
      assert(await accepts(target, bytes), `Expected corpus entry ${i} to be accepted`);
    }
    for (let number = only ?? 0; number < (only === null ? cases : only + 1); number++) {
      const bytes = inputOf(target, seed, number);
      try {
        const started = performance.now();
        await accepts(target, bytes);
        assert(performance.now() - started < SLOW_MS, "Expected a case to end within 10 s");
      } catch (cause) {
        throw new Error(
          `Failed on ${bytes.length} bytes ${toHex(bytes.subarray(0, 400))}; once more: ` +
            `deno test tests/fuzz --filter "fuzz: ${target.name}" -- --seed=${seed} --case=${number}`,
          { cause },
        );
      }
    }
  });
}

/** The input of one case. */
export function inputOf<T>(target: FuzzTarget<T>, seed: number, number: number): Bytes {
  const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) + number);
  // the first draws of neighbouring seeds are alike
  for (let i = 0; i < 4; i++) random.below(2);
  if (target.generate !== undefined && random.below(2) === 0) return target.generate(random);
  return mutate(target.corpus, random);
}

/** False when `bytes` are refused as they may be; throws when anything else is wrong. */
async function accepts<T>(target: FuzzTarget<T>, bytes: Bytes): Promise<boolean> {
  const given = bytes.slice();
  let value: T | null;
  try {
    value = await target.decode(bytes);
  } catch (error) {
    if (target.refusals?.some((refusal) => error instanceof refusal)) return false;
    throw error;
  }
  if (value === null) return false;
  assert(given.every((byte, i) => byte === bytes[i]), "Expected the input to stay as it was");
  const size = target.size?.(value) ?? 0;
  assert(size <= bytes.length, `Expected at most ${bytes.length} entries, got ${size}`);
  target.check?.(value, bytes);
  return true;
}

function settings(args: string[]): { cases: number; seed: number; only: number | null } {
  const flags = parseArgs(args, { string: ["cases", "seed", "case"] });
  const number = (flag: unknown) => typeof flag === "string" ? Number(flag) : null;
  return {
    cases: number(flags["cases"]) ?? DEFAULT_CASES,
    seed: number(flags["seed"]) ?? 1,
    only: number(flags["case"]),
  };
}
