/** Readers of the options that say where a manager is and who may drive it. */
import { UsageError } from "../base/mod.ts";
import type { Credentials, ListenPlace } from "../control/mod.ts";
import type { Environment } from "./environment.ts";
import { CommandError, ExitCode } from "./exit_codes.ts";
import type { Reader } from "./option.ts";
import { listenAddress } from "./option_values.ts";

/** Where to be driven from: `HOST:PORT`, `:PORT`, `PORT` or `unix:/path`. */
export const rpcPlace: Reader<ListenPlace> = (value, name) => {
  if (!value.startsWith("unix:")) return listenAddress(value, name);
  const path = value.slice("unix:".length);
  if (path !== "") return { path };
  throw new UsageError(`Expected a path after unix: in ${name}`);
};

/** Throws {@linkcode CommandError} when `tm-locked` cannot make a socket there. */
export function checkPlace({ locked, permissions }: Environment, place: ListenPlace): void {
  if (!("path" in place) || !locked || permissions.allows("write", place.path)) return;
  const message = `tm-locked can make a socket in ./downloads only, got --rpc unix:${place.path}`;
  throw new CommandError(ExitCode.badOption, message);
}

/** `USER:PASS`; never shown, not even in what is said of a mistake. */
export const credentials: Reader<Credentials> = (value, name) => {
  const at = value.indexOf(":");
  if (at < 1 || at === value.length - 1) {
    throw new UsageError(`Expected USER:PASS after ${name}, got something else`);
  }
  return { user: value.slice(0, at), password: value.slice(at + 1) };
};
