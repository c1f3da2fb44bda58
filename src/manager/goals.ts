import type { GoalMode, SessionSettings, TorrentSettings } from "./settings.ts";

/** How a complete torrent has done so far. Bytes, and seconds. */
export interface SeedFacts {
  readonly uploaded: number;
  readonly downloaded: number;
  /** Bytes that were there without being downloaded count where nothing was. */
  readonly valid: number;
  readonly seeded: number;
  /** Since a byte moved, or since it seeds. */
  readonly idle: number;
}

/** What a torrent seeds to; null: without end. */
export interface Goals {
  readonly ratio: number | null;
  readonly idleSeconds: number | null;
  readonly seedSeconds: number | null;
}

/** The goals that hold for a torrent. */
export function goalsOf(own: TorrentSettings, session: SessionSettings): Goals {
  const pick = (mode: GoalMode, mine: number, enabled: boolean, theirs: number) =>
    mode === "own" ? mine : mode === "session" && enabled ? theirs : null;
  const idle = pick(own.idleMode, own.idleMinutes, session.idleEnabled, session.idleMinutes);
  const time = pick(own.timeMode, own.timeMinutes, session.timeEnabled, session.timeMinutes);
  return {
    ratio: pick(own.ratioMode, own.ratio, session.ratioEnabled, session.ratio),
    idleSeconds: idle === null ? null : idle * 60,
    seedSeconds: time === null ? null : time * 60,
  };
}

/** Sent over received; what was there from the beginning counts as received. Null: there is nothing. */
export function ratioOf({ uploaded, downloaded, valid }: Omit<SeedFacts, "seeded" | "idle">) {
  const base = downloaded > 0 ? downloaded : valid;
  return base > 0 ? uploaded / base : null;
}

/** The settings of a torrent that is started although it has reached a goal: that one is given up, or it would stop at once. */
export function startedAnew(
  own: TorrentSettings,
  session: SessionSettings,
  facts: SeedFacts,
): TorrentSettings {
  const goals = goalsOf(own, session);
  const past = (goal: Partial<Goals>) =>
    reached({ ratio: null, idleSeconds: null, seedSeconds: null, ...goal }, facts);
  return {
    ...own,
    ...(past({ ratio: goals.ratio }) ? { ratioMode: "none" } : {}),
    ...(past({ seedSeconds: goals.seedSeconds }) ? { timeMode: "none" } : {}),
  };
}

/** True when one of the goals is reached. */
export function reached(goals: Goals, facts: SeedFacts): boolean {
  const ratio = ratioOf(facts);
  return (goals.ratio !== null && ratio !== null && ratio >= goals.ratio) ||
    (goals.idleSeconds !== null && facts.idle >= goals.idleSeconds) ||
    (goals.seedSeconds !== null && facts.seeded >= goals.seedSeconds);
}
