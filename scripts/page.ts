/** `deno task page` → `dist/page`, which `deno task tm daemon` serves. A compiled program has its own. */
import { runDeno, say } from "./compile/compiler.ts";
import { buildPage, PAGE } from "./compile/page.ts";

if (import.meta.main) {
  Deno.chdir(`${import.meta.dirname}/..`);
  try {
    await buildPage(PAGE, runDeno);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
