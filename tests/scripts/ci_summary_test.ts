import { assertEquals } from "@std/assert";
import { type Step, summarise, tally } from "../../scripts/ci_summary.ts";

function suite(log: string, exitCode = 0, kind: Step["kind"] = "suite"): Step {
  return { name: "test", kind, exitCode, log };
}

Deno.test("a suite's counts are those of deno test's last line", () => {
  const log = "x ... ok (1ms)\n\nok | 26 passed | 0 failed (373ms)\n";
  assertEquals(tally(suite(log)), { passed: 26, failed: 0, note: "" });
});

Deno.test("steps, skipped tests and colours do not confuse the counts", () => {
  const log =
    "\x1b[31mFAILED\x1b[0m | 25 passed (3 steps) | 2 failed (1 step) | 4 ignored \x1b[90m(1s)\x1b[0m";
  assertEquals(tally(suite(log, 1)), { passed: 25, failed: 2, note: "4 skipped" });
});

Deno.test("plain counts are taken too", () => {
  assertEquals(tally(suite("3 passed, 1 failed\n", 1)), { passed: 3, failed: 1, note: "" });
});

Deno.test("a suite that crashes without counts is one failure, even with exit 0", () => {
  assertEquals(tally(suite("Segmentation fault", 139)), {
    passed: 0,
    failed: 1,
    note: "printed no counts, exit 139",
  });
  assertEquals(tally(suite("", 0)).failed, 1);
});

Deno.test("a suite that counts no failure and still ends badly is a failure", () => {
  const log = "ok | 5 passed | 0 failed (1s)\n";
  assertEquals(tally(suite(log, 1)), { passed: 5, failed: 1, note: "exit 1" });
  assertEquals(tally(suite(log, 124)), { passed: 5, failed: 1, note: "out of time" });
});

Deno.test("a suite that runs nothing is a failure", () => {
  const log = "ok | 0 passed | 0 failed (1s)\n";
  assertEquals(tally(suite(log)), { passed: 0, failed: 1, note: "ran nothing" });
});

Deno.test("what a strict suite skips has failed", () => {
  const log = "ok | 5 passed | 0 failed | 2 ignored (1s)\n";
  assertEquals(tally(suite(log, 0, "strict")), { passed: 5, failed: 2, note: "2 skipped" });
  assertEquals(tally(suite(log, 0, "suite")), { passed: 5, failed: 0, note: "2 skipped" });
});

Deno.test("a gate counts once, by its exit code alone", () => {
  const log = "ok | 5 passed | 0 failed (1s)\n";
  assertEquals(tally(suite(log, 0, "gate")), { passed: 1, failed: 0, note: "" });
  assertEquals(tally(suite(log, 1, "gate")), { passed: 0, failed: 1, note: "exit 1" });
});

Deno.test("the last line is the sum of all steps", () => {
  const steps: Step[] = [
    { name: "fmt", kind: "gate", exitCode: 0, log: "" },
    { name: "test", kind: "suite", exitCode: 1, log: "FAILED | 7 passed | 2 failed (1s)" },
    { name: "interop", kind: "strict", exitCode: 139, log: "" },
  ];
  assertEquals(summarise(steps), {
    lines: [
      "  ok     fmt         1 + 0",
      "  FAILED test        7 + 2",
      "  FAILED interop     0 + 1  (printed no counts, exit 139)",
      "8 passed, 3 failed",
    ],
    failed: 3,
  });
});

Deno.test("a run without steps has failed", () => {
  assertEquals(summarise([]), { lines: ["0 passed, 1 failed"], failed: 1 });
});
