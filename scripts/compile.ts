/**
 * `deno task compile` → `dist/tm`, `deno task compile:locked` → `dist/tm-locked`.
 * `--target TARGET` builds for another of Deno's five platforms, into `dist/tm-TARGET`.
 *
 * The runtime under the program: `DENORT_BIN` when it is set; else the one Deno downloads; else, where
 * that host cannot be reached, one cut from an npm package and checked (`compile/runtime.ts`).
 */
import { compile, findWorkers, HOST, say } from "./compile/compiler.ts";
import { outputPath, parseRequest, type Request } from "./compile/plan.ts";

if (import.meta.main) {
  let request: Request;
  try {
    request = parseRequest(Deno.args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    Deno.exit(28);
  }
  Deno.chdir(`${import.meta.dirname}/..`);
  await Deno.mkdir("dist", { recursive: true });
  try {
    if (await compile(request, await findWorkers("src")) !== "built") Deno.exit(1);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
  const path = outputPath(request, HOST);
  const { size } = await Deno.stat(path);
  say(`${path}: ${(size / 2 ** 20).toFixed(1)} MiB`);
}
