import { UsageError } from "../../base/mod.ts";
import { command, type Context } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { type Check, check } from "../manager/checks.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { loadWidths, printable } from "../printable.ts";
import type { Tone } from "../terminal.ts";
import { wrap } from "../wrap.ts";

const TONES: Readonly<Record<Check["state"], Tone>> = {
  ok: "good",
  warning: "warning",
  bad: "bad",
};
/** Columns of the state and of the subject. */
const [STATE, SUBJECT] = [9, 13];
/** Columns where there is no terminal. */
const PLAIN_COLUMNS = 80;

/** `tm doctor` */
export const doctor = command({
  name: "doctor",
  summary: "Look at what works and what does not, and say what to do",
  usage: "",
  about: "The port, trackers, the DHT, the disk, its space, permissions, as the manager\n" +
    "finds them; of one that is no tm daemon, what it tells. Takes a while.\n" +
    "Exits with 1 when something is bad.",
  completes: "nothing",
  options: MANAGER_OPTIONS,
  examples: [["tm doctor", "Everything"], ["tm doctor -q || echo look", "For scripts"]],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      if (positionals.length > 0) {
        throw new UsageError(`Expected no argument, got ${positionals[0]}`);
      }
      const checks = await check(manager);
      await loadWidths(checks.flatMap(({ text, advice }) => [text, advice]));
      for (const each of checks) print(context, each);
      return checks.some(({ state }) => state === "bad") ? ExitCode.unknown : ExitCode.ok;
    }),
});

function print({ terminal, json, quiet }: Context, check: Check): void {
  if (json) return terminal.print(jsonLine({ type: "finding", ...check }));
  const { subject, state, text, advice } = check;
  if (quiet && state === "ok") return;
  const columns = terminal.columns ?? PLAIN_COLUMNS;
  const plain = state.padEnd(STATE);
  const start = plain + printable(subject).padEnd(SUBJECT);
  const lines = wrap(printable(text), columns, start);
  if (advice !== "") {
    lines.push(...wrap(printable(advice), columns, `${" ".repeat(STATE + SUBJECT)}→ `));
  }
  const [first = "", ...rest] = lines;
  terminal.print(terminal.paint(plain, TONES[state]) + first.slice(plain.length));
  for (const line of rest) terminal.print(line);
}
