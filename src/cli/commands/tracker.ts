import { messageOf, UsageError } from "../../base/mod.ts";
import { command } from "../command.ts";
import type { Environment, RunningTracker } from "../environment.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { option } from "../option.ts";
import { listenAddress } from "../option_values.ts";
import { receipt } from "../receipt.ts";

/** `tm tracker` */
export const tracker = command({
  name: "tracker",
  summary: "Run a tracker",
  usage: "",
  about: "Answers announces and scrapes over HTTP and UDP, on the same port, until\n" +
    "Ctrl-C, for any torrent. It remembers nothing and touches no file. Unless\n" +
    "--listen says otherwise it can be reached from this machine only.",
  completes: "nothing",
  options: {
    listen: option({
      long: "listen",
      short: "l",
      placeholder: "HOST:PORT",
      read: listenAddress,
      help: "Where to listen (127.0.0.1:6969; port 0: any)",
    }, { hostname: "127.0.0.1", port: 6969 }),
  },
  examples: [
    ["tm tracker", "For this machine"],
    ["tm tracker --listen 0.0.0.0:6969", "For everybody"],
  ],
  async run({ env, terminal, json, quiet, verbose }, values, positionals) {
    if (positionals.length > 0) {
      throw new UsageError(`Expected no argument, got ${positionals[0]}`);
    }
    const stop = Promise.withResolvers<void>();
    const unsubscribe = env.onStopSignal(() => stop.resolve());
    try {
      await env.permissions.revokeFiles();
      const running = await start(env, values.listen);
      try {
        const { url, udp } = running;
        if (json) terminal.print(jsonLine({ type: "listening", url, udp }));
        else if (!quiet) {
          terminal.print(`Tracker listening on ${url}`);
          terminal.print(`                 and ${udp}`);
        }
        if (verbose) {
          for (const line of receipt(env, null)) terminal.printError(line);
        }
        await stop.promise;
      } finally {
        await running.close();
      }
    } finally {
      unsubscribe();
    }
    return ExitCode.ok;
  },
});

async function start(
  env: Environment,
  listen: { readonly hostname: string; readonly port: number },
): Promise<RunningTracker> {
  try {
    return await env.startTracker(listen);
  } catch (error) {
    const place = `${listen.hostname}:${listen.port}`;
    throw new CommandError(
      ExitCode.unknown,
      error instanceof Deno.errors.AddrInUse
        ? `Port ${listen.port} is in use; choose another with --listen`
        : `Cannot listen on ${place}: ${messageOf(error)}`,
    );
  }
}
