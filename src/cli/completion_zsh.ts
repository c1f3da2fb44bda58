/** Completions for zsh. */
import { type Command, shownOptions } from "./command.ts";
import type { Completion, Option } from "./option.ts";
import { spellings } from "./spelling.ts";

/** Lines of the script. */
export function zshCompletion(commands: readonly Command[]): string[] {
  return [
    "#compdef tm tm-locked",
    "_tm() {",
    '  local curcontext="$curcontext" state line',
    "  local -a commands",
    "  commands=(",
    ...commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`),
    "  )",
    "  _arguments -C '1:command:->command' '*::argument:->argument' && return",
    '  case "$state" in',
    "    command) _describe command commands ;;",
    "    argument)",
    '      case "$words[1]" in',
    ...commands.flatMap((command) => [
      `        ${command.name})`,
      "          _arguments -s -S \\",
      ...shownOptions(command).map((option) => `            ${specification(option)} \\`),
      `            ${quote(`*:argument:${action(command.completes)}`)} ;;`,
    ]),
    "      esac ;;",
    "  esac",
    "}",
    'if [ "$funcstack[1]" = "_tm" ]; then _tm "$@"; else compdef _tm tm tm-locked; fi',
  ];
}

function specification(option: Option<unknown>): string {
  const help = option.help.replace(/[[\]:\\]/g, "\\$&");
  const value = option.value === null || option.value.optional
    ? ""
    : `:${option.value.placeholder.replaceAll(":", "\\:")}:${action(option.value.complete)}`;
  // "*": a list of what excludes what would stop options that may be repeated
  return spellings(option).map((name) => quote(`*${name}[${help}]${value}`)).join(" ");
}

function action(completion: Completion): string {
  switch (completion) {
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "nothing":
      return " ";
    default:
      return `(${completion.join(" ")})`;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
