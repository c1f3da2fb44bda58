/** Runs `deno compile` with a runtime that can be had: see `../compile.ts`. */
import { bundleAll, bundleFolder, pageFolder } from "./bundle.ts";
import { buildPage } from "./page.ts";
import { compileArguments, type Request } from "./plan.ts";
import { RUNTIME, runtimeFromNpm } from "./runtime.ts";

/** Deno's own downloads; asked first, because `deno compile` itself may try for minutes. */
const DOWNLOADS = "https://dl.deno.land/release-latest.txt";
const PROBE_MS = 3_000;

/** A Deno whose programs fit the runtime from npm: the container format changed in 2.9. */
const FITTING_DENO = "deno@2.8.3";

/** The machine's own target. */
export const HOST = Deno.build.target;

/** Where compilers and this script speak. */
export function say(line: string): void {
  // deno-lint-ignore no-console -- a script's output
  console.error(line);
}

/** Runs this Deno; throws `Error` when it fails. */
export async function runDeno(args: string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
  if (!success) throw new Error(`Expected deno ${args.join(" ")} to work`);
}

/** The modules under `folder` that are the start of a worker. */
export async function findWorkers(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...await findWorkers(path));
    else if (entry.name.endsWith("_worker.ts")) found.push(path);
  }
  return found.sort();
}

/** How a compiler ended: `unreachable` when it could not download its runtime. */
export type Outcome = "built" | "unreachable" | "failed";

/** Runs a compiler to its end, its words shown as they come. */
async function run(command: string, args: string[], env: Record<string, string>): Promise<Outcome> {
  const child = new Deno.Command(command, {
    args,
    env,
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
  }).spawn();
  let words = "";
  for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
    await Deno.stderr.write(new TextEncoder().encode(part));
    words = (words + part).slice(-100_000);
  }
  if ((await child.status).success) return "built";
  return /Setting up base binary|\/denort-/.test(words) ? "unreachable" : "failed";
}

/** True when Deno's runtime for `target` is at hand, or the host that has it answers. */
async function downloadWorks(target: string): Promise<boolean> {
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout)) as { denoDir: string };
  const kept = `${denoDir}/dl/release/v${Deno.version.deno}/denort-${target}.zip`;
  if (await Deno.stat(kept).then(() => true, () => false)) return true;
  try {
    const answer = await fetch(DOWNLOADS, { signal: AbortSignal.timeout(PROBE_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Compiles with the runtime from npm, by a Deno that it fits. */
async function compileFromNpm(args: string[], target: string): Promise<Outcome> {
  if (target !== RUNTIME.target) {
    say(`There is no other runtime for ${target}: set DENORT_BIN to one, or try again online`);
    return "unreachable";
  }
  const env = { DENORT_BIN: await runtimeFromNpm(await Deno.realPath("dist") + "/.runtime", say) };
  if (/^2\.8\./.test(Deno.version.deno)) return await run(Deno.execPath(), args, env);
  say(`Deno ${Deno.version.deno} does not fit that runtime, compiling with ${FITTING_DENO}`);
  const npx = Deno.build.os === "windows" ? "npx.cmd" : "npx";
  return await run(npx, ["-y", FITTING_DENO, ...args], env);
}

/** Builds a program, in the project's folder; `workers` are the modules that start its threads. */
export async function compile(request: Request, workers: readonly string[]): Promise<Outcome> {
  const { entry } = request.build;
  // parts are named by what is in them: those of older builds would stay for ever
  await Deno.remove(bundleFolder(entry), { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await bundleAll(entry, workers, runDeno);
  await buildPage(pageFolder(entry), runDeno);
  const args = compileArguments(request, HOST, workers);
  const target = request.target ?? HOST;
  const given = Deno.env.get("DENORT_BIN");
  if (given !== undefined && given !== "") {
    say(`Runtime: DENORT_BIN=${given}`);
    return await run(Deno.execPath(), args, {});
  }
  if (await downloadWorks(target)) {
    const outcome = await run(Deno.execPath(), args, {});
    if (outcome !== "unreachable") return outcome;
  }
  say("Deno's runtime download (dl.deno.land) cannot be reached");
  return await compileFromNpm(args, target);
}
