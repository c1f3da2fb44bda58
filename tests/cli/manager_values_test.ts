import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { Glob, isGlob } from "../../src/metainfo/mod.ts";
import { parseFilter, parseFilterId } from "../../src/cli/manager/filter.ts";
import { formatHours, schedule } from "../../src/cli/manager/schedule.ts";
import { goal, minutesGoal, onOff, size } from "../../src/cli/manager/option_values.ts";
import { formatShort } from "../../src/cli/units.ts";
import { readSummary } from "../../src/remote/mod.ts";
import { torrent } from "./fake_manager.ts";

const GLOBS: [glob: string, text: string, matches: boolean][] = [
  ["*.mkv", "a.mkv", true],
  ["*.MKV", "a.mkv", true],
  ["*.mkv", "a.mkv2", false],
  ["*.mkv", "d/a.mkv", false],
  ["**.mkv", "d/a.mkv", true],
  ["**/a.*", "d/e/a.mkv", true],
  ["d/*", "d/e/a", false],
  ["d/**", "d/e/a", true],
  ["?.txt", "é.txt", true],
  ["?.txt", "😀.txt", true],
  ["?", "/", false],
  ["*", "", true],
  ["a", "b", false],
  ["[a]", "[a]", true],
  ["a.c", "abc", false],
];
for (const [glob, text, matches] of GLOBS) {
  Deno.test(`${glob} ${matches ? "is" : "is not"} ${text}`, () => {
    assertEquals(new Glob(glob).test(text), matches);
  });
}

Deno.test("a pattern of many stars takes no long time", () => {
  const started = performance.now();
  assertEquals(new Glob("*a".repeat(200) + "b").test("a".repeat(2000)), false);
  assert(performance.now() - started < 30_000);
  assertEquals([isGlob("a*"), isGlob("a?"), isGlob("a[b]"), isGlob("a")], [
    true,
    true,
    true,
    false,
  ]);
});

const HOURS: [typed: string, shown: string][] = [
  ["8:00-17:30", "daily 08:00-17:30"],
  ["mon-fri@08:00-17:00", "mon-fri 08:00-17:00"],
  ["Mon-Fri 08:00-17:00", "mon-fri 08:00-17:00"],
  ["sat,sun@22:00-06:00", "sat,sun 22:00-06:00"],
  ["fri-mon@00:00-24:00", "mon,fri-sun 00:00-00:00"],
  ["monday,wednesday@1:00-2:00", "mon,wed 01:00-02:00"],
  ["daily@1:00-2:00", "daily 01:00-02:00"],
];
for (const [typed, shown] of HOURS) {
  Deno.test(`the schedule ${typed}`, () => {
    const hours = schedule(typed, "--schedule");
    assertEquals(hours === null ? null : formatHours(hours), shown);
    assertEquals(schedule(shown, "--schedule"), hours);
  });
}

Deno.test("no schedules", () => {
  assertEquals(schedule("off", "x"), null);
  for (
    const text of ["", "8-17", "25:00-26:00", "8:60-9:00", "xyz@8:00-9:00", "mon-tue-wed@1:00-2:00"]
  ) {
    assertThrows(() => schedule(text, "--schedule"), UsageError, "after --schedule");
  }
});

Deno.test("sizes, switches and goals", () => {
  assertEquals([size("2M", "x"), size("off", "x"), size("0", "x")], [2 ** 21, null, null]);
  assertEquals([onOff("on", "x"), onOff("OFF", "x"), onOff("yes", "x")], [true, false, true]);
  assertEquals([goal("1.5", "x"), goal("0", "x"), goal("session", "x")], [1.5, 0, "session"]);
  assertEquals([minutesGoal("30", "x"), minutesGoal("off", "x")], [30, "off"]);
  for (
    const read of [() => size("fast", "x"), () => goal("-1", "x"), () => minutesGoal("1.5", "x")]
  ) {
    assertThrows(read, UsageError);
  }
});

Deno.test("short sizes are at most five columns and keep their order", () => {
  const shown = [0, 1, 999, 1000, 1024, 99.9 * 1024, 100 * 1024, 1000 * 1024, 2 ** 30, 2 ** 50]
    .map(formatShort);
  assertEquals(shown, ["0", "1B", "999B", "1.0K", "1.0K", "99.9K", "100K", "1.0M", "1.0G", "1.0P"]);
  for (let bytes = 1; bytes < 2 ** 52; bytes = Math.ceil(bytes * 1.01)) {
    assert(formatShort(bytes).length <= 5, `${bytes}: ${formatShort(bytes)}`);
  }
});

Deno.test("bare words filter a list, and as an ID only with is:", () => {
  const seeding = readSummary(torrent(1, "complete works", { status: 6, leftUntilDone: 0 }));
  assertEquals(parseFilter("complete")(seeding), true);
  assertEquals(parseFilter("works")(seeding), true);
  assertEquals(parseFilter("c*w*s")(seeding), true);
  assertEquals(parseFilter("label:")(seeding), true);
  assertEquals(parseFilterId("complete"), null);
  assertEquals(parseFilterId("is:complete")?.(seeding), true);
  assertThrows(() => parseFilter("downlaoding"), UsageError, "did you mean downloading?");
});
