/**
 * The command line: arguments, help, completions, progress and exit codes. `run` is the whole of it as a function of
 * its arguments and an {@linkcode Environment}; `main` gives it the real one.
 *
 * Terms. A *source* is what a torrent is read from. The *status* is the lines at the bottom of a terminal that are
 * redrawn in place. The *receipt* says what the process may touch. *Locked* is the build that has `./downloads` only.
 */
export type * from "./environment.ts";
export { ExitCode } from "./exit_codes.ts";
export { main } from "./main.ts";
export type { ProxyVariables } from "./proxy_variables.ts";
export { run } from "./run.ts";
