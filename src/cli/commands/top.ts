import { UsageError } from "../../base/mod.ts";
import { command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { runTop } from "../top/run_top.ts";

/** `tm top` */
export const top = command({
  name: "top",
  summary: "Watch and drive it on the whole screen",
  usage: "",
  about: "The torrents, and of the one under the cursor its details, files, peers and\n" +
    "trackers, every second. The keys are at the bottom, ? shows all. What deletes\n" +
    "asks first. When the manager goes away it waits until it is back; q leaves, and\n" +
    "the manager goes on. Without a terminal it is refused: tm list prints once.",
  completes: "nothing",
  options: MANAGER_OPTIONS,
  examples: [
    ["tm top", "The manager of this machine"],
    ["tm top --host 192.168.1.5:9091 -n me:secret", "Another one"],
  ],
  run: (context, values, positionals) => {
    const { env, terminal, json } = context;
    if (positionals.length > 0) {
      throw new UsageError(`Expected no argument, got ${positionals[0]}`);
    }
    if (json) throw new UsageError("Expected no --json: tm list --json is for scripts");
    const keyboard = env.stdout.isTerminal ? env.keyboard() : null;
    if (keyboard === null) {
      throw new UsageError("Expected a terminal for tm top; tm list prints once");
    }
    return withManager(context, values, async (manager) => {
      await runTop(env, terminal, keyboard, manager);
      return ExitCode.ok;
    });
  },
});
