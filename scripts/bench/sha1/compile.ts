import { join } from "@std/path";
import { compile, HOST } from "../../compile/compiler.ts";
import { outputPath, type Request } from "../../compile/plan.ts";

const REQUEST: Request = {
  build: { name: "bench/sha1-rate", entry: "scripts/bench/sha1/sha1_rate.ts", folder: null },
  target: null,
};

/** Compiles `sha1_rate.ts` onto tm's runtime; answers where the program is. */
export async function compileSha1Rate(): Promise<string> {
  // The compiler takes paths from the top of the project.
  Deno.chdir(join(import.meta.dirname ?? ".", "..", "..", ".."));
  await Deno.mkdir("dist/bench", { recursive: true });
  if (await compile(REQUEST, ["scripts/bench/sha1/sha1_rate_worker.ts"]) !== "built") {
    throw new Error("Expected the compiler to build scripts/bench/sha1/sha1_rate.ts, see above");
  }
  return await Deno.realPath(outputPath(REQUEST, HOST));
}
