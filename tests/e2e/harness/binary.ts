import { fromFileUrl } from "@std/path";

/** The two programs under test. */
export type Program = "tm" | "tm-locked";

const TASKS: Readonly<Record<Program, string>> = {
  "tm": "deno task compile",
  "tm-locked": "deno task compile:locked",
};

/** Path of a compiled program: in the folder after `--bin`, or in `dist`. Throws when it is not there. */
export function binary(program: Program): string {
  const at = Deno.args.indexOf("--bin");
  const given = at < 0 ? undefined : Deno.args[at + 1];
  const folder = given ?? fromFileUrl(new URL("../../../dist", import.meta.url));
  try {
    return Deno.realPathSync(`${folder}/${program}`);
  } catch {
    throw new Error(`Expected ${program} in ${folder}, got nothing: run ${TASKS[program]} first`);
  }
}

/** What a program is started with in a test: it must not look for the DHT of the world, nor call out in our network. */
export function offline(args: readonly string[]): string[] {
  const [command = "", ...rest] = args;
  const transfers = ["get", "seed", "share", "info", "daemon"].includes(command);
  if (!transfers) return [...args];
  const dht = rest.includes("--dht-node") ? [] : ["--no-dht"];
  return [command, ...dht, "--no-lsd", ...rest];
}
