/**
 * Measures `tm get` against other downloaders: `deno task bench [options]`.
 *
 * --scenario NAME   which (default: the first)      --rounds N   instead of the scenario's
 * --quick           an eighth of the data, 2 rounds --dir DIR    data on this disk, not in memory
 * --only NAME,…     some downloaders                --tm PATH    the binary (dist/tm)
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { COMMON, requirePrograms } from "../../tests/interop/harness/requirements.ts";
import { run } from "../../tests/interop/harness/run.ts";
import { findTm } from "../../tests/interop/harness/tm.ts";
import type { Downloader } from "./downloader.ts";
import { describeMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { writeNoise } from "./noise.ts";
import { markdown, type Report, type Sample, summarize } from "./report.ts";
import { Scratch } from "./scratch.ts";
import { quick, type Scenario, SCENARIOS } from "./scenario.ts";
import { Seeder } from "./seeder.ts";
import { OnePeerTracker } from "./tracker.ts";

/** Seconds one download may take. */
const DOWNLOAD_SECONDS = 180;
const PAYLOAD = "payload.bin";

/** Where the scenario's files are, and who serves them. */
interface Stage {
  readonly folder: string;
  readonly torrent: string;
  readonly sha256: string;
  readonly seeder: Seeder;
  readonly tm: string;
}

async function main(): Promise<void> {
  const args = parseArgs(Deno.args, {
    string: ["scenario", "rounds", "dir", "tm", "only"],
    boolean: ["quick"],
  });
  const text = (name: string) => typeof args[name] === "string" ? args[name] : undefined;
  const quickly = args["quick"] === true;
  const scenario = choose(text("scenario"), quickly, text("rounds"), text("only"));
  requirePrograms([...COMMON, { program: "aria2c", debianPackage: "aria2" }]);
  const usesTm = scenario.downloaders.some((one) => one.name === "tm");
  const tm = usesTm ? findTm(text("tm")) : "";
  // The payload twice, and room for what programs keep beside it.
  await using scratch = await Scratch.create(text("dir"), scenario.payloadBytes * 3);
  // The children get a Ctrl-C from the terminal as well, and the seeder ends with our pipe.
  const interrupted = () => {
    scratch[Symbol.asyncDispose]().finally(() => Deno.exit(7));
  };
  Deno.addSignalListener("SIGINT", interrupted);
  Deno.addSignalListener("SIGTERM", interrupted);
  try {
    const samples = await perform(scenario, scratch.folder, tm);
    const names = scenario.downloaders.map((one) => one.name);
    await publish({
      scenario: scenario.name,
      description: scenario.description,
      payloadBytes: scenario.payloadBytes,
      rounds: scenario.rounds,
      machine: await describeMachine(scenario.downloaders, tm, scratch.folder),
      summaries: summarize(names, samples, scenario.payloadBytes),
      samples,
    });
  } finally {
    Deno.removeSignalListener("SIGINT", interrupted);
    Deno.removeSignalListener("SIGTERM", interrupted);
  }
}

function choose(name?: string, small?: boolean, rounds?: string, only?: string): Scenario {
  const found = SCENARIOS.find((one) => name === undefined || one.name === name);
  if (found === undefined) {
    const names = SCENARIOS.map((one) => one.name).join(", ");
    throw new Error(`Expected a scenario of ${names}, got ${name}`);
  }
  const sized = small === true ? quick(found) : found;
  const wanted = only?.split(",");
  const downloaders = sized.downloaders.filter((one) => wanted?.includes(one.name) ?? true);
  if (downloaders.length === 0) throw new Error(`Expected names of downloaders, got ${only}`);
  const count = rounds === undefined ? sized.rounds : Number(rounds);
  if (!Number.isInteger(count) || count < 1) {
    throw new Error(`Expected a whole number of rounds above 0, got ${rounds}`);
  }
  return { ...sized, downloaders, rounds: count };
}

async function perform(scenario: Scenario, folder: string, tm: string): Promise<Sample[]> {
  say(`${scenario.name}: ${scenario.description}`);
  await Deno.mkdir(join(folder, "seed"));
  const payload = join(folder, "seed", PAYLOAD);
  await writeNoise(payload, scenario.payloadBytes);
  await using tracker = new OnePeerTracker();
  const torrent = join(folder, "bench.torrent");
  await using seeder = await Seeder.start(payload, torrent, tracker.url, scenario.pieceLength);
  tracker.peerPort = seeder.port;
  const stage: Stage = { folder, torrent, sha256: await sha256sum(payload), seeder, tm };
  const samples: Sample[] = [];
  for (let round = 0; round < scenario.rounds; round++) {
    // Whoever runs first in a round may find a warmer or colder machine: take turns.
    const shift = round % scenario.downloaders.length;
    const order = [
      ...scenario.downloaders.slice(shift),
      ...scenario.downloaders.slice(0, shift),
    ];
    for (const downloader of order) {
      const sample = await download(downloader, round, scenario.payloadBytes, stage);
      samples.push(sample);
      const speed = scenario.payloadBytes / 1e6 / sample.wallSeconds;
      say(
        `round ${round + 1}/${scenario.rounds}  ${downloader.name.padEnd(10)} ` +
          `${speed.toFixed(0).padStart(5)} MB/s  ${sample.wallSeconds.toFixed(2)} s  ` +
          `CPU ${sample.cpuSeconds.toFixed(2)} s  ${(sample.peakBytes / 2 ** 20).toFixed(0)} MiB`,
      );
    }
  }
  return samples;
}

async function download(
  downloader: Downloader,
  round: number,
  payloadBytes: number,
  stage: Stage,
): Promise<Sample> {
  const target = join(stage.folder, "download");
  await Deno.mkdir(target);
  await stage.seeder.transfer();
  const command = downloader.command(stage.torrent, target, stage.tm);
  const cost = await measure(command, DOWNLOAD_SECONDS, stage.folder);
  const { seconds } = await stage.seeder.transfer();
  const file = join(target, PAYLOAD);
  const { size } = await Deno.stat(file);
  if (size !== payloadBytes) {
    throw new Error(`Expected ${payloadBytes} bytes from ${downloader.name}, got ${size}`);
  }
  // Once is enough: it takes as long as the download.
  if (round === 0 && await sha256sum(file) !== stage.sha256) {
    throw new Error(`Expected ${downloader.name} to write the payload, got another SHA-256`);
  }
  await Deno.remove(target, { recursive: true });
  const { wallSeconds, cpuSeconds, peakBytes } = cost;
  const name = downloader.name;
  return { round, downloader: name, wallSeconds, cpuSeconds, peakBytes, transferSeconds: seconds };
}

async function publish(report: Report): Promise<void> {
  const folder = join(import.meta.dirname ?? ".", "..", "..", "dist", "bench");
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, report.scenario);
  const table = markdown(report);
  await Deno.writeTextFile(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`);
  await Deno.writeTextFile(`${path}.md`, table);
  say(`\n${table}\nwritten to dist/bench/${report.scenario}.md and .json`);
}

async function sha256sum(path: string): Promise<string> {
  return (await run(["sha256sum", path])).slice(0, 64);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) await main();
