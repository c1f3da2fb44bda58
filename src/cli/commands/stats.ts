import { UsageError } from "../../base/mod.ts";
import { json as reading, type JsonObject } from "../../remote/mod.ts";
import { command } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { type Pair, renderPairs } from "../manager/pairs.ts";
import { formatCount, formatElapsed, formatRate, formatSize } from "../units.ts";

/** `tm stats` */
export const stats = command({
  name: "stats",
  summary: "Show what was transferred, now and in all",
  usage: "",
  about: "Of this run of the manager and of all its runs.",
  completes: "nothing",
  options: MANAGER_OPTIONS,
  examples: [["tm stats", "Figures"], ["tm stats --json", "For scripts"]],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      if (positionals.length > 0) {
        throw new UsageError(`Expected no argument, got ${positionals[0]}`);
      }
      const { terminal, json } = context;
      const answer = await manager.call("session-stats");
      const figures = {
        torrents: reading.count(answer, "torrentCount"),
        active: reading.count(answer, "activeTorrentCount"),
        paused: reading.count(answer, "pausedTorrentCount"),
        downRate: Math.max(0, reading.number(answer, "downloadSpeed")),
        upRate: Math.max(0, reading.number(answer, "uploadSpeed")),
        current: transfers(reading.object(answer, "current-stats")),
        total: transfers(reading.object(answer, "cumulative-stats")),
      };
      if (json) {
        terminal.print(jsonLine({ type: "stats", ...figures }));
        return ExitCode.ok;
      }
      const { torrents, active, paused, downRate, upRate, current, total } = figures;
      const pairs: Pair[] = [
        ["Torrents", `${torrents}, ${active} active, ${paused} paused`],
        ["Down", formatRate(downRate)],
        ["Up", formatRate(upRate)],
        null,
        ["This run", described(current)],
        ["In all", `${described(total)}, ${formatCount(total.sessions, "run")}`],
      ];
      for (const line of renderPairs(pairs, terminal.columns)) terminal.print(line);
      return ExitCode.ok;
    }),
});

function transfers(from: JsonObject) {
  return {
    downloaded: reading.count(from, "downloadedBytes"),
    uploaded: reading.count(from, "uploadedBytes"),
    filesAdded: reading.count(from, "filesAdded"),
    sessions: reading.count(from, "sessionCount"),
    /** Seconds. */
    active: reading.count(from, "secondsActive"),
  };
}

function described({ downloaded, uploaded, active }: ReturnType<typeof transfers>): string {
  const ratio = downloaded === 0 ? "" : `, ratio ${(uploaded / downloaded).toFixed(2)}`;
  return `${formatSize(downloaded)} down, ${formatSize(uploaded)} up${ratio}, ` +
    `${formatElapsed(active)}`;
}
