/**
 * Arguments of the interop tests, after `--`: `--tm PATH` (the binary, else `dist/tm`), `--client NAME[,NAME…]`,
 * `--feature ID[,ID…]` (rows of `scripts/interop/matrix.ts` that do without an ordinary tracker),
 * `--temp DIR` (where payloads go), `--keep` (leave them, with the logs).
 */
import { parseArgs } from "@std/cli/parse-args";

export const options = parseArgs(Deno.args, {
  string: ["tm", "client", "feature", "temp"],
  boolean: ["keep"],
}) as { tm?: string; client?: string; feature?: string; temp?: string; keep?: boolean };

/** Whether tests with this client are to run. */
export function isChosen(client: string): boolean {
  return options.client?.toLowerCase().split(",").includes(client.toLowerCase()) ?? true;
}

/** Whether this row of the matrix is to be tried. */
export function isChosenFeature(id: string): boolean {
  return options.feature?.split(",").includes(id) ?? true;
}

/** A folder that goes with `stack`. */
export async function temporaryFolder(stack: AsyncDisposableStack): Promise<string> {
  const place = options.temp === undefined ? {} : { dir: options.temp };
  const folder = await Deno.makeTempDir({ prefix: "tm-interop-", ...place });
  if (options.keep !== true) stack.defer(() => Deno.remove(folder, { recursive: true }));
  return folder;
}
