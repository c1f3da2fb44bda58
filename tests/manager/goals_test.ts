import { assertEquals } from "@std/assert";
import { SESSION_DEFAULTS, TORRENT_DEFAULTS } from "../../src/manager/defaults.ts";
import { goalsOf, ratioOf, reached, type SeedFacts, startedAnew } from "../../src/manager/goals.ts";

const FACTS: SeedFacts = { uploaded: 0, downloaded: 0, valid: 0, seeded: 0, idle: 0 };
const SESSION = {
  ...SESSION_DEFAULTS,
  ratioEnabled: true,
  ratio: 2,
  idleEnabled: true,
  idleMinutes: 3,
};

Deno.test("a torrent follows the session's goals, has its own, or none", () => {
  assertEquals(goalsOf(TORRENT_DEFAULTS, SESSION_DEFAULTS), {
    ratio: null,
    idleSeconds: null,
    seedSeconds: null,
  });
  assertEquals(goalsOf(TORRENT_DEFAULTS, SESSION), {
    ratio: 2,
    idleSeconds: 180,
    seedSeconds: null,
  });
  const own = {
    ...TORRENT_DEFAULTS,
    ratioMode: "none",
    idleMode: "own",
    idleMinutes: 1,
    timeMode: "own",
    timeMinutes: 5,
  } as const;
  assertEquals(goalsOf(own, SESSION), { ratio: null, idleSeconds: 60, seedSeconds: 300 });
});

Deno.test("the ratio counts what was received, or else what was there", () => {
  assertEquals(ratioOf({ ...FACTS, uploaded: 30, downloaded: 10, valid: 100 }), 3);
  assertEquals(ratioOf({ ...FACTS, uploaded: 30, valid: 100 }), 0.3);
  assertEquals(ratioOf(FACTS), null);
});

Deno.test("one goal that is reached is enough; a ratio of nothing is none", () => {
  const goals = { ratio: 1, idleSeconds: 60, seedSeconds: 600 };
  assertEquals(reached(goals, FACTS), false);
  assertEquals(reached(goals, { ...FACTS, uploaded: 99, valid: 100 }), false);
  assertEquals(reached(goals, { ...FACTS, uploaded: 100, valid: 100 }), true);
  assertEquals(reached(goals, { ...FACTS, idle: 60 }), true);
  assertEquals(reached(goals, { ...FACTS, seeded: 600 }), true);
  assertEquals(
    reached({ ratio: null, idleSeconds: null, seedSeconds: null }, {
      ...FACTS,
      idle: 1e9,
      seeded: 1e9,
    }),
    false,
  );
});

Deno.test("a torrent that is started although it has reached a goal gives that one up alone", () => {
  const facts = { ...FACTS, uploaded: 500, valid: 100, idle: 1e9, seeded: 10 };
  const settings = startedAnew(TORRENT_DEFAULTS, SESSION, facts);
  assertEquals([settings.ratioMode, settings.idleMode, settings.timeMode], [
    "none",
    "session",
    "session",
  ]);
  assertEquals(startedAnew(TORRENT_DEFAULTS, SESSION, FACTS), TORRENT_DEFAULTS);
  const timed = { ...TORRENT_DEFAULTS, timeMode: "own", timeMinutes: 0 } as const;
  assertEquals(startedAnew(timed, SESSION, FACTS).timeMode, "none");
});
