import { assertEquals } from "@std/assert";
import { NO_USAGE, remaining, used } from "../../src/manager/budget.ts";
import { SESSION_DEFAULTS, TORRENT_DEFAULTS } from "../../src/manager/defaults.ts";
import { alternative, sessionLimits, torrentLimits } from "../../src/manager/limits.ts";
import { newRecord } from "../../src/manager/record.ts";
import { scheduled, weekTime } from "../../src/manager/schedule.ts";

/** 22 November 2026 is a Sunday. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, 22 + day, hour, minute);
const hours = (begin: number, end: number, days = 127) => ({
  enabled: true,
  begin: begin * 60,
  end: end * 60,
  days,
});

Deno.test("a schedule holds from its beginning until just before its end, on its days", () => {
  const week = hours(9, 17, 0b0111110);
  assertEquals(scheduled(week, weekTime(at(1, 8, 59))), false);
  assertEquals(scheduled(week, weekTime(at(1, 9))), true);
  assertEquals(scheduled(week, weekTime(at(5, 16, 59))), true);
  assertEquals(scheduled(week, weekTime(at(5, 17))), false);
  assertEquals(scheduled(week, weekTime(at(0, 12))), false);
  assertEquals(scheduled(hours(9, 17, 0), weekTime(at(3, 12))), false);
});

Deno.test("a night belongs to the day it began on, Saturday's to Sunday morning too", () => {
  const saturday = hours(22, 6, 1 << 6);
  assertEquals(scheduled(saturday, weekTime(at(6, 21))), false);
  assertEquals(scheduled(saturday, weekTime(at(6, 23))), true);
  assertEquals(scheduled(saturday, weekTime(at(0, 5, 59))), true);
  assertEquals(scheduled(saturday, weekTime(at(0, 6))), false);
  assertEquals(scheduled(saturday, weekTime(at(6, 5))), false);
});

Deno.test("a schedule that ends where it begins holds all day", () => {
  assertEquals(scheduled(hours(5, 5, 1 << 2), weekTime(at(2, 4))), true);
  assertEquals(scheduled(hours(5, 5, 1 << 2), weekTime(at(3, 5))), false);
});

Deno.test("the schedule is in charge of alternative limits where there is one", () => {
  const settings = { ...SESSION_DEFAULTS, altEnabled: true };
  assertEquals(alternative(settings, at(1, 12)), true);
  assertEquals(alternative({ ...settings, schedule: hours(1, 2) }, at(1, 12)), false);
  assertEquals(
    alternative({ ...settings, altEnabled: false, schedule: hours(1, 2) }, at(1, 1)),
    true,
  );
});

Deno.test("limits: none, given ones, alternative ones; one of nothing is the least there is", () => {
  const now = at(1, 12);
  const rest = { peerLimit: 500, budget: Infinity };
  assertEquals(sessionLimits(SESSION_DEFAULTS, now, Infinity), {
    downloadLimit: 0,
    uploadLimit: 0,
    ...rest,
  });
  const given = { ...SESSION_DEFAULTS, downloadLimited: true, downloadLimit: 7000 };
  assertEquals(sessionLimits(given, now, 5), {
    downloadLimit: 7000,
    uploadLimit: 0,
    peerLimit: 500,
    budget: 5,
  });
  const least = { ...given, downloadLimit: 0, uploadLimited: true, uploadLimit: 0 };
  assertEquals(sessionLimits(least, now, Infinity), {
    downloadLimit: 1,
    uploadLimit: 1,
    ...rest,
  });
  const alt = { ...given, altEnabled: true, altDownloadLimit: 5, altUploadLimit: 6 };
  assertEquals(sessionLimits(alt, now, Infinity), { downloadLimit: 5, uploadLimit: 6, ...rest });
});

Deno.test("a torrent may use what its settings say, and what its budget leaves", () => {
  const settings = {
    ...TORRENT_DEFAULTS,
    uploadLimited: true,
    uploadLimit: 0,
    peerLimit: 5,
    bandwidth: "high",
    honorsSession: false,
    maxTotal: 100,
  } as const;
  const limits = {
    downloadLimit: 0,
    uploadLimit: 1,
    peerLimit: 5,
    bandwidth: "high",
    honorsSession: false,
  } as const;
  const record = { ...newRecord("a", 0), settings };
  assertEquals(torrentLimits({ ...record, downloaded: 30 }), { ...limits, budget: 70 });
  assertEquals(torrentLimits({ ...record, downloaded: 130 }), { ...limits, budget: 0 });
  const free = { ...record, settings: { ...settings, maxTotal: 0 } };
  assertEquals(torrentLimits(free).budget, Infinity);
});

Deno.test("budgets: in all, a day, a month; each day and month has its own", () => {
  const budget = { maxTotal: 0, maxDay: 100, maxMonth: 250 };
  let usage = NO_USAGE;
  assertEquals(remaining(usage, { maxTotal: 0, maxDay: 0, maxMonth: 0 }, at(0, 1)), Infinity);
  usage = used(usage, 100, at(0, 1));
  assertEquals(remaining(usage, budget, at(0, 23)), 0);
  assertEquals(remaining(usage, budget, at(1, 0)), 100);
  usage = used(used(usage, 100, at(1, 1)), 40, at(2, 1));
  assertEquals(remaining(usage, budget, at(2, 1)), 10);
  assertEquals(remaining(usage, budget, new Date(2026, 11, 1)), 100);
  assertEquals(remaining(usage, { ...budget, maxTotal: 300 }, new Date(2027, 0, 1)), 60);
});

Deno.test("a clock that is set back by a day gives no second budget; one that was years ahead does no harm", () => {
  const budget = { maxTotal: 0, maxDay: 100, maxMonth: 0 };
  const usage = used(NO_USAGE, 100, at(3, 1));
  assertEquals(remaining(usage, budget, at(2, 23)), 0);
  assertEquals(remaining(used(usage, 1, at(2, 23)), budget, at(3, 2)), 0);
  const ahead = used(NO_USAGE, 100, new Date(2040, 0, 1));
  assertEquals(remaining(ahead, budget, at(3, 1)), 100);
});
