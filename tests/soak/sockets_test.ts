import { parseArgs } from "@std/cli/parse-args";
import { runProcess } from "./run_process.ts";

/** `-- --seconds=N` soaks for another time. */
const SECONDS = String(parseArgs(Deno.args, { string: ["seconds"] })["seconds"] ?? 180);

Deno.test(
  `${SECONDS} seconds of 50 peers on real sockets leave nothing behind`,
  () => runProcess("sockets.ts", SECONDS),
);
