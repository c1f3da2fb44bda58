/**
 * Measures tm beside other programs: `deno task bench [options]`, everything without options.
 *
 * --scenario NAME,…   some scenarios               --rounds N   instead of the scenario's
 * --quick             an eighth of the data, 2 rounds
 * --only NAME,…       some programs                --tm PATH    the binary (dist/tm)
 * --dir DIR           data on this disk, not in memory
 *
 * Results: `dist/bench/SCENARIO.json` and `.md`, and `dist/bench/table.md` of a run of everything.
 */
import { join } from "@std/path";
import { COMMON, requirePrograms } from "../../tests/interop/harness/requirements.ts";
import { findTm } from "../../tests/interop/harness/tm.ts";
import { roomFor, runWork } from "./kinds/mod.ts";
import { describeMachine } from "./machine.ts";
import { markdown, type Report, summarize } from "./report.ts";
import { parseRequest, type Request } from "./request.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { Scratch } from "./scratch.ts";
import { table } from "./table.ts";

const RESULTS = join(import.meta.dirname ?? ".", "..", "..", "dist", "bench");

/** Bytes for what programs keep beside the data. */
const SPARE_ROOM = 256 * 1024 * 1024;

async function main(): Promise<void> {
  const request = parseRequest(Deno.args, SCENARIOS);
  requirePrograms([...COMMON, { program: "aria2c", debianPackage: "aria2" }]);
  const tm = findTm(request.tm);
  const place = request.place === undefined ? undefined : await Deno.realPath(request.place);
  const abort = new AbortController();
  // Everything is undone on the way out; the children are ended by the signal.
  const interrupted = () => abort.abort(new Error("Interrupted"));
  Deno.addSignalListener("SIGINT", interrupted);
  Deno.addSignalListener("SIGTERM", interrupted);
  try {
    const reports: Report[] = [];
    for (const scenario of request.scenarios) {
      const report = await perform(scenario, place, tm, abort.signal);
      await publish(report, request);
      reports.push(report);
    }
    await publishTable(reports, request);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    Deno.exitCode = 7;
  } finally {
    Deno.removeSignalListener("SIGINT", interrupted);
    Deno.removeSignalListener("SIGTERM", interrupted);
  }
}

async function perform(
  scenario: Scenario,
  place: string | undefined,
  tm: string,
  signal: AbortSignal,
): Promise<Report> {
  say(`${scenario.name}: ${scenario.title}`);
  const { rounds, work } = scenario;
  await using scratch = await Scratch.create(place, roomFor(work, rounds) + SPARE_ROOM);
  const { folder } = scratch;
  const samples = await runWork(work, { tm, folder, rounds, signal, say });
  return summarize(scenario, samples, await describeMachine(work.programs, tm, folder));
}

async function publish(report: Report, { quick }: Request): Promise<void> {
  await Deno.mkdir(RESULTS, { recursive: true });
  const path = join(RESULTS, `${report.scenario}${quick ? "-quick" : ""}`);
  const text = markdown(report);
  await Deno.writeTextFile(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`);
  await Deno.writeTextFile(`${path}.md`, text);
  say(`\n${text}`);
}

/** A part of the scenarios is shown, but does not replace the table of all. */
async function publishTable(reports: readonly Report[], request: Request): Promise<void> {
  const text = table(reports);
  say(text);
  if (!request.whole) return;
  await Deno.writeTextFile(join(RESULTS, `table${request.quick ? "-quick" : ""}.md`), text);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) await main();
