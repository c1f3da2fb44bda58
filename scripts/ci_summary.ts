/**
 * The last step of `.ci/run`: adds up what every step of a run reported. `ci_summary.ts FILE` reads a
 * line for each step, `name<TAB>kind<TAB>exit code<TAB>log`, prints a table and, as its last line,
 * `N passed, N failed`; exit 1 when anything failed.
 */
import { stripAnsiCode } from "@std/fmt/colors";

/** A step of the run and how it went. */
export interface Step {
  readonly name: string;
  /** A gate passes or fails as a whole; a suite counts its tests; a strict one may skip none of them. */
  readonly kind: "gate" | "suite" | "strict";
  readonly exitCode: number;
  /** Everything it printed. */
  readonly log: string;
}

/** What a step adds to the sum; `note` says why when it is not what its tests said. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly note: string;
}

// What timeout(1) makes of a command that had to be stopped or killed.
const TIMED_OUT = new Set([124, 137]);

/** Counts one step. A suite that ends badly or says nothing is a failure, whatever it counted. */
export function tally(step: Step): Tally {
  const ended = TIMED_OUT.has(step.exitCode) ? "out of time" : `exit ${step.exitCode}`;
  if (step.kind === "gate") {
    return step.exitCode === 0
      ? { passed: 1, failed: 0, note: "" }
      : { passed: 0, failed: 1, note: ended };
  }
  const counts = lastCounts(step.log);
  if (counts === null) return { passed: 0, failed: 1, note: `printed no counts, ${ended}` };
  const { passed, ignored } = counts;
  let failed = counts.failed;
  const notes: string[] = [];
  if (step.exitCode !== 0 && failed === 0) {
    failed++;
    notes.push(ended);
  }
  if (passed + failed === 0) {
    failed++;
    notes.push("ran nothing");
  }
  if (step.kind === "strict" && ignored > 0) failed += ignored;
  if (ignored > 0) notes.push(`${ignored} skipped`);
  return { passed, failed, note: notes.join(", ") };
}

/** The last counts in a log: of `deno test`, or a plain `N passed, N failed`. */
function lastCounts(log: string): { passed: number; failed: number; ignored: number } | null {
  const plain = stripAnsiCode(log); // In case something forced colours.
  const pattern =
    /^\s*(?:(?:ok|FAILED) \| )?(\d+) passed(?: \(\d+ steps?\))?(?: \| |, )(\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/gm;
  const match = [...plain.matchAll(pattern)].at(-1);
  if (match === undefined) return null;
  return { passed: Number(match[1]), failed: Number(match[2]), ignored: Number(match[3] ?? 0) };
}

/** The table of all steps and its last line. */
export function summarise(steps: readonly Step[]): { lines: string[]; failed: number } {
  const width = Math.max(4, ...steps.map((step) => step.name.length));
  const lines: string[] = [];
  const sum = { passed: 0, failed: 0 };
  for (const step of steps) {
    const { passed, failed, note } = tally(step);
    sum.passed += passed;
    sum.failed += failed;
    const mark = failed === 0 ? "ok    " : "FAILED";
    const suffix = note === "" ? "" : `  (${note})`;
    lines.push(
      `  ${mark} ${step.name.padEnd(width)} ${`${passed}`.padStart(5)} + ${failed}${suffix}`,
    );
  }
  if (steps.length === 0) sum.failed = 1;
  lines.push(`${sum.passed} passed, ${sum.failed} failed`);
  return { lines, failed: sum.failed };
}

function asKind(text: string): Step["kind"] {
  if (text === "gate" || text === "suite" || text === "strict") return text;
  throw new TypeError(`Expected gate, suite or strict, got ${text}`);
}

if (import.meta.main) {
  const steps: Step[] = [];
  for (const line of (await Deno.readTextFile(Deno.args[0] ?? "")).split("\n")) {
    const [name, kind, exitCode, path] = line.split("\t");
    if (name === undefined || kind === undefined || path === undefined) continue;
    const log = await Deno.readTextFile(path).catch(() => "");
    steps.push({ name, kind: asKind(kind), exitCode: Number(exitCode), log });
  }
  const { lines, failed } = summarise(steps);
  // deno-lint-ignore no-console -- a script's output
  console.log(lines.join("\n"));
  Deno.exit(failed === 0 ? 0 : 1);
}
