/** The switch `--proxy`, and what goes with it. */
import { UsageError } from "../base/mod.ts";
import type { ProxyChoice } from "../proxy/mod.ts";
import type { Context } from "./command.ts";
import type { Environment } from "./environment.ts";
import { option } from "./option.ts";
import { proxy } from "./option_values.ts";
import { PROXY_VARIABLES } from "./proxy_variables.ts";

/** Of commands that look for others; a seed cannot be found through a proxy. */
export const PROXY_OPTION = option({
  long: "proxy",
  placeholder: "URL",
  read: proxy,
  help: "Go through socks5://… or http://… alone",
});

/** What the switches say. */
interface Chosen {
  readonly proxy: ProxyChoice | undefined;
  readonly mapPort?: unknown;
}

/** Throws `UsageError` for what cannot be had with a proxy, and where nobody can say that nothing goes beside it. */
export function checkProxy({ proxyVariables }: Environment, { proxy, mapPort }: Chosen): void {
  if (proxy === undefined) return;
  if (mapPort !== undefined) {
    throw new UsageError("Expected --proxy or --map-port, got both: a proxy has no port for us");
  }
  if (proxyVariables.gone) return;
  throw new UsageError(
    "Expected a way to unset NO_PROXY, which leads beside --proxy, got none: run tm with " +
      `--allow-env=${PROXY_VARIABLES.join(",")}`,
  );
}

/** That the environment names a proxy to no effect, where that may surprise; null otherwise. */
export function proxyNote({ proxyVariables }: Environment, { proxy }: Chosen): string | null {
  const { named } = proxyVariables;
  if (proxy !== undefined || named === null) return null;
  return `${named} in the environment is not followed: name a proxy with --proxy`;
}

/** {@linkcode checkProxy}, and prints the note where anything will be `fetched`. */
export function settleProxy(
  { env, terminal, quiet }: Context,
  chosen: Chosen,
  fetched = true,
): void {
  checkProxy(env, chosen);
  const note = fetched ? proxyNote(env, chosen) : null;
  if (note !== null && !quiet) terminal.printError(note);
}
