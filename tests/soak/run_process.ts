import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";

/** Runs a program of `processes/` to its end, which has to be a good one. */
export async function runProcess(name: string, ...args: string[]): Promise<void> {
  const program = fromFileUrl(new URL(`./processes/${name}`, import.meta.url));
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--v8-flags=--expose-gc", program, ...args],
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  assert(success);
}
