/** Completions for bash, of version 3.2 and up. */
import { type Command, shownOptions } from "./command.ts";
import type { Completion, Option } from "./option.ts";
import { shownName, spellings } from "./spelling.ts";

/** Lines of the script. */
export function bashCompletion(commands: readonly Command[]): string[] {
  const names = commands.map(({ name }) => name);
  return [
    "# tm completions for bash",
    "_tm() {",
    '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" command="" i',
    "  local IFS=$' \\t\\n'",
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    '    case "${COMP_WORDS[i]}" in',
    `      ${names.join("|")}) command="\${COMP_WORDS[i]}"; break ;;`,
    "    esac",
    "  done",
    '  case "$command:$prev" in',
    ...commands.flatMap((command) =>
      shownOptions(command).flatMap((each) => valueCase(command, each))
    ),
    "  esac",
    '  case "$command" in',
    ...commands.map(commandCase),
    `    *) COMPREPLY=($(compgen -W "${names.join(" ")} --help --version" -- "$cur")) ;;`,
    "  esac",
    "}",
    "complete -o filenames -F _tm tm tm-locked",
  ];
}

/** What follows an option that takes a value. */
function valueCase(command: Command, option: Option<unknown>): string[] {
  if (option.value === null || option.value.optional) return [];
  const patterns = spellings(option).map((spelling) => `${command.name}:${spelling}`);
  return [`    ${patterns.join("|")}) ${offer(option.value.complete)}; return ;;`];
}

/** Options after a dash, otherwise what the command takes. */
function commandCase(command: Command): string {
  const options = shownOptions(command).map(shownName).join(" ");
  const dash = `if [[ "$cur" == -* ]]; then COMPREPLY=($(compgen -W "${options}" -- "$cur"))`;
  return `    ${command.name}) ${dash}; else ${offer(command.completes)}; fi ;;`;
}

function offer(completion: Completion): string {
  switch (completion) {
    case "file":
      return "IFS=$'\\n'; COMPREPLY=($(compgen -f -- \"$cur\"))";
    case "folder":
      return "IFS=$'\\n'; COMPREPLY=($(compgen -d -- \"$cur\"))";
    case "nothing":
      return "COMPREPLY=()";
    default:
      return `COMPREPLY=($(compgen -W "${completion.join(" ")}" -- "$cur"))`;
  }
}
