/** Completions for fish. */
import { type Command, shownOptions } from "./command.ts";
import type { Completion, Option } from "./option.ts";

/** Lines of the script. */
export function fishCompletion(commands: readonly Command[]): string[] {
  return ["tm", "tm-locked"].flatMap((program) => {
    const start = `complete -c ${program}`;
    return [
      `${start} -f`,
      ...commands.map(({ name, summary }) =>
        `${start} -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`
      ),
      ...commands.flatMap((command) => {
        const within = `${start} -n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
        return [
          ...argument(command.completes).map((rest) => `${within} ${rest}`),
          ...shownOptions(command).map((option) => `${within} ${specification(option)}`),
        ];
      }),
    ];
  });
}

function specification({ short, long, on, value, help }: Option<unknown>): string {
  return [
    ...(short === undefined ? [] : [`-s ${short}`]),
    `-l ${on ? "no-" : ""}${long}`,
    ...(value === null || value.optional ? [] : ["-r", ...argument(value.complete)]),
    `-d ${quote(help)}`,
  ].join(" ");
}

function argument(completion: Completion): string[] {
  switch (completion) {
    case "file":
      return ["-F"];
    case "folder":
      return [`-a ${quote("(__fish_complete_directories)")}`];
    case "nothing":
      return [];
    default:
      return [`-a ${quote(completion.join(" "))}`];
  }
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
