/** Failures of the command line itself, told as those of the engine are. */
import { messageOf } from "../base/mod.ts";
import type { EngineEvent, FailureReason } from "../session/mod.ts";
import { ExitCode, exitCodeOfError } from "./exit_codes.ts";
import { jsonLine } from "./json_line.ts";
import { printable } from "./printable.ts";
import type { Terminal } from "./terminal.ts";

const REASONS: Readonly<Partial<Record<ExitCode, FailureReason>>> = {
  [ExitCode.timedOut]: "stalled",
  [ExitCode.notFound]: "cannot-open",
  [ExitCode.noSpace]: "disk-full",
  [ExitCode.alreadyRunning]: "locked",
  [ExitCode.fileExists]: "file-exists",
  [ExitCode.cannotCreate]: "cannot-create",
  [ExitCode.cannotOpen]: "cannot-open",
  [ExitCode.badBencode]: "bad-torrent",
  [ExitCode.badTorrent]: "bad-torrent",
  [ExitCode.badMagnet]: "bad-torrent",
  [ExitCode.denied]: "denied",
};

/** The reason that comes nearest to an exit code. */
export function reasonOf(code: ExitCode): FailureReason {
  return REASONS[code] ?? "other";
}

/** Prints an error on standard error, and as an `error` event on standard output when `json`; its exit code. */
export function reportFailure(terminal: Terminal, json: boolean, error: unknown): ExitCode {
  const code = exitCodeOfError(error);
  const message = messageOf(error);
  if (json) {
    const reason = reasonOf(code);
    const event: EngineEvent = {
      type: "error",
      torrent: null,
      reason,
      message,
      path: null,
      missing: null,
    };
    terminal.print(jsonLine(event));
  }
  const lines = message.split("\n").map(printable);
  terminal.complain("Error", lines.join("\n"));
  return code;
}
