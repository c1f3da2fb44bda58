import { assertEquals, assertLessOrEqual, assertNotMatch, assertStringIncludes } from "@std/assert";
import type { Result } from "./tm.ts";

/** Columns a message may take. */
const WIDTH = 400;

/**
 * Expects a failure as a user should meet it: the exit code, nothing on standard output, one short line on standard
 * error that starts with `Error:` and contains `words`, no colour, no stack trace.
 */
export function assertFailure(result: Result, code: number, words: string): void {
  const { stdout, stderr } = result;
  assertEquals(result.code, code, `${stdout}${stderr}`);
  const errors = stderr.split("\n").filter((line) => line.startsWith("Error:"));
  assertEquals(errors.length, 1, stderr);
  assertStringIncludes(errors[0]!, words);
  assertLessOrEqual(errors[0]!.length, WIDTH, stderr);
  assertPlain(result);
}

/** Expects text for files and pipes: no colour, no carriage return, no stack trace. */
export function assertPlain({ stdout, stderr }: Pick<Result, "stdout" | "stderr">): void {
  for (const text of [stdout, stderr]) {
    // deno-lint-ignore no-control-regex -- what must not be there
    assertNotMatch(text, /[\x1b\r]/);
    assertNotMatch(text, /^\s+at .*:\d+:\d+/m);
    assertNotMatch(text, /Uncaught/);
  }
}
