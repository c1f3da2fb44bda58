import type { UtpEnd } from "../utp/mod.ts";

/** A peer could not be called over uTP. */
export class UtpError extends Error {
  override readonly name = "UtpError";

  /** `end` says why. */
  constructor(readonly end: UtpEnd) {
    super(reasonOfEnd(end));
  }
}

/** How a uTP connection ended, in words for people. */
export function reasonOfEnd(end: UtpEnd): string {
  switch (end) {
    case "refused":
      return "Connection refused (uTP)";
    case "reset":
      return "Connection reset by the peer (uTP)";
    case "silent":
      return "Timed out (uTP)";
    case "closed":
      return "Closed (uTP)";
  }
}
