import { parseArgs } from "@std/cli/parse-args";
import type { Program } from "./programs/program.ts";
import type { Scenario, Work } from "./scenario.ts";

/** What the command line asks for. */
export interface Request {
  readonly scenarios: readonly Scenario[];
  readonly quick: boolean;
  /** Everything, as it is to be quoted. */
  readonly whole: boolean;
  /** A folder on the disk to use; undefined: in memory. */
  readonly place: string | undefined;
  /** The binary under test; undefined: the project's own. */
  readonly tm: string | undefined;
}

/** Rounds and size of a quick run, whose figures are not to be quoted. */
const QUICK_ROUNDS = 2;
const QUICK_SHARE = 8;

/** Reads the arguments; throws `TypeError` on what it does not know. */
export function parseRequest(args: readonly string[], known: readonly Scenario[]): Request {
  const unknown: string[] = [];
  const parsed = parseArgs([...args], {
    string: ["scenario", "rounds", "dir", "tm", "only"],
    boolean: ["quick"],
    unknown: (argument) => unknown.push(argument) === 0,
  });
  if (unknown.length > 0) throw new TypeError(`Expected an option of the bench, got ${unknown[0]}`);
  const text = (name: string) => typeof parsed[name] === "string" ? parsed[name] : undefined;
  const [names, only, rounds] = [list(text("scenario")), list(text("only")), text("rounds")];
  for (const name of names ?? []) {
    if (known.some((one) => one.name === name)) continue;
    const all = known.map((one) => one.name).join(", ");
    throw new TypeError(`Expected scenarios of ${all}, got ${name}`);
  }
  const isQuick = parsed["quick"] === true;
  const scenarios = known.filter((one) => names?.includes(one.name) ?? true)
    .map((one) => isQuick ? quick(one) : one)
    .map((one) => rounds === undefined ? one : { ...one, rounds: count(rounds) })
    .flatMap((one) => only === undefined ? one : restrict(one, only));
  if (scenarios.length === 0) {
    throw new TypeError(`Expected names of programs, got ${text("only")}`);
  }
  const whole = names === undefined && only === undefined;
  return { scenarios, quick: isQuick, whole, place: text("dir"), tm: text("tm") };
}

function list(text: string | undefined): string[] | undefined {
  return text?.split(",");
}

function count(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new TypeError(`Expected a whole number of rounds above 0, got ${text}`);
}

/** The scenario with fewer programs; nothing when none is left. */
function restrict(scenario: Scenario, only: readonly string[]): Scenario[] {
  const work = restricted(scenario.work, only);
  return work.programs.length === 0 ? [] : [{ ...scenario, work }];
}

function restricted<W extends Work>(work: W, only: readonly string[]): W {
  const all: readonly Program[] = work.programs;
  return { ...work, programs: all.filter((one) => only.includes(one.name)) };
}

/** A scenario small enough to try a change with. */
function quick(scenario: Scenario): Scenario {
  const title = `${scenario.title} (quick: an eighth of the data)`;
  const rounds = Math.min(scenario.rounds, QUICK_ROUNDS);
  return { ...scenario, title, rounds, work: smaller(scenario.work) };
}

function smaller(work: Work): Work {
  if (work.kind === "manager") return { ...work, torrents: work.torrents / QUICK_SHARE };
  if (work.kind === "page-cost") return { ...work, torrents: work.torrents / QUICK_SHARE };
  if (work.kind === "page") return { ...work, moving: work.moving / QUICK_SHARE };
  if (work.kind === "sparse") return { ...work, bytes: work.bytes / QUICK_SHARE };
  // a limit takes its time, whatever there is to move
  if (!("payload" in work) || work.kind === "limit") return work;
  const { payload } = work;
  return {
    ...work,
    payload: payload.kind === "file"
      ? { ...payload, bytes: payload.bytes / QUICK_SHARE }
      : { ...payload, count: payload.count / QUICK_SHARE },
  };
}
