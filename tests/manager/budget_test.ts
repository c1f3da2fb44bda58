import { assertEquals } from "@std/assert";
import { NO_USAGE, overBudget, parseUsage, used } from "../../src/manager/budget.ts";
import { SESSION_DEFAULTS } from "../../src/manager/defaults.ts";
import { Entry } from "../../src/manager/entry.ts";
import { newRecord } from "../../src/manager/record.ts";
import { infoHash } from "../../src/base/mod.ts";

const day = (number: number, month = 10) => new Date(2026, month, number, 23, 59);
Deno.test("what was kept is read again, and nonsense is nothing", () => {
  const usage = used(NO_USAGE, 90, day(28));
  assertEquals(parseUsage(JSON.stringify(usage)), usage);
  for (const text of [null, "", "[]", "null", '{"total":-1,"day":5}']) {
    assertEquals(parseUsage(text), NO_USAGE);
  }
});

Deno.test("the budget that is used up is named, the longest first", () => {
  const record = newRecord("a", 0);
  const entry = new Entry(1, infoHash(new Uint8Array(20)), "00", {
    ...record,
    downloaded: 7 * 1024,
    settings: { ...record.settings, maxTotal: 8 * 1024 },
  });
  const settings = { ...SESSION_DEFAULTS, maxDay: 1024, maxMonth: 2048 };
  const usage = used(NO_USAGE, 1024, day(28));
  assertEquals(overBudget(entry, NO_USAGE, settings), null);
  assertEquals(
    overBudget(entry, usage, settings)?.text,
    "the budget of 1.0 KiB a day is used up: wait for the next",
  );
  assertEquals(
    overBudget(entry, used(usage, 1024, day(29)), settings)?.text,
    "the budget of 2.0 KiB a month is used up: wait for the next",
  );
  assertEquals(
    overBudget(entry, usage, { ...settings, maxTotal: 1024 })?.text,
    "the budget of 1.0 KiB for all torrents is used up: raise it to go on",
  );
  entry.set({ downloaded: 8 * 1024 });
  assertEquals(
    overBudget(entry, usage, settings)?.text,
    "the budget of 8.0 KiB for this torrent is used up: raise it to go on",
  );
});
