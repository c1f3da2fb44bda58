/** Help pages, made of the commands' own tables; no line is longer than 80 columns. */
import { type Command, shownOptions } from "./command.ts";
import type { CommandEntry } from "./commands.ts";
import type { Option } from "./option.ts";
import { shownName, shownValue } from "./spelling.ts";

/** The page of `tm help`. */
export function overview(commands: readonly CommandEntry[]): string[] {
  const longest = Math.max(...commands.map(({ name }) => name.length));
  const list = (remote: boolean) =>
    commands.filter((command) => command.remote === remote)
      .map(({ name, summary }) => `  ${name.padEnd(longest)}  ${summary}`);
  return [
    "tm downloads, seeds and makes torrents, and can touch one folder only.",
    "",
    "Usage: tm COMMAND [OPTION]… [ARGUMENT]…",
    "",
    "Commands:",
    ...list(false),
    "",
    "For a manager that runs, here or elsewhere (--host):",
    ...list(true),
    "",
    "Examples:",
    "  tm get debian.torrent            download into ./downloads",
    "  tm get -d /data -v a.torrent     elsewhere, saying what tm may touch",
    "  tm help get                      options, examples and exit codes",
    "  tm --version",
  ];
}

/** The page of `tm help COMMAND`. */
export function page(command: Command): string[] {
  const options = shownOptions(command).map((option) => [signature(option), option.help] as const);
  const widest = Math.max(...options.map(([name]) => name.length));
  return [
    `${command.summary}.`,
    "",
    `Usage: tm ${command.name} [OPTION]… ${command.usage}`.trimEnd(),
    "",
    ...command.about.split("\n"),
    "",
    "Options:",
    ...options.map(([name, help]) => `  ${name.padEnd(widest)}  ${help}`),
    ...(command.examples.length === 0 ? [] : ["", "Examples:"]),
    ...command.examples.flatMap(([line, does]) => [`  ${line}`, `      ${does}`]),
  ];
}

/** `-d, --dir DIR`. */
function signature(option: Option<unknown>): string {
  const start = option.short === undefined ? "    " : `-${option.short}, `;
  return start + shownName(option) + shownValue(option);
}
