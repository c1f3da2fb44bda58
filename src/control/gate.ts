/** The checks that every request passes, in the order that clients rely on. */
import { type Caller, isLocal } from "./caller.ts";
import type { HostNames } from "./host_names.ts";
import { type Logins, tokenOf } from "./logins.ts";
import type { PasswordGuard, Verdict } from "./password_guard.ts";
import { refuse } from "./responses.ts";

/** The header that a page of another site cannot send, as it cannot read what it must be. */
export const SESSION_HEADER = "X-Transmission-Session-Id";
/** Tells clients of Transmission 4.1 that they may speak JSON-RPC. */
const VERSION_HEADER = "X-Transmission-Rpc-Version";
const RPC_VERSION = "6.0.0";

/** Whom to let pass. */
export interface GateOptions {
  /** Null: there is no password, and only this machine may call. */
  readonly guard: PasswordGuard | null;
  readonly logins: Logins;
  readonly hosts: HostNames;
  readonly sessionId: string;
}

/** What of a request is looked at. */
export interface Knock {
  readonly headers: Headers;
  readonly caller: Caller;
  /** The route changes something, or tells what a page of another site may not know: it takes the session id. */
  readonly guarded: boolean;
  /** It tells nothing of the manager, and comes without the password: what the page is made of, which asks for it. */
  readonly open: boolean;
}

/**
 * Null when a request may pass, else what it is told:
 *
 * 1. 403 without a password and not from this machine
 * 2. 421 for a `Host` that is none of ours
 * 3. 403 for a page of another site, by what its browser says
 * 4. 401 (429 after too many) without the right password or the token of a login
 * 5. 409 without the session id, which it names
 *
 * Passwords come after all that a page of another site cannot pass: it would try some through its reader's browser, and
 * lock its reader out.
 */
export async function gate(knock: Knock, options: GateOptions): Promise<Response | null> {
  const { headers, caller } = knock;
  if (options.guard === null && !isLocal(caller)) {
    return refuse(
      403,
      "Without a password only this machine may call; give it one with --rpc-auth-file",
    );
  }
  // no browser reaches a Unix socket
  if (caller !== null) {
    if (!options.hosts.means(headers.get("host"))) {
      return refuse(
        421,
        "This host name is not known here: use an address or localhost, or --rpc-host NAME",
      );
    }
    if (isForeign(headers)) return refuse(403, "Pages of other sites may not call");
  }
  if (options.guard !== null && !knock.open) {
    const refusal = unauthorised(await judge(knock, options.guard, options.logins));
    if (refusal !== null) return refusal;
  }
  // it is told to whoever is let in, so it is no secret to compare in constant time
  if (!knock.guarded || headers.get(SESSION_HEADER) === options.sessionId) return null;
  return refuse(409, `Send the header ${SESSION_HEADER} again with this value`, {
    [SESSION_HEADER]: options.sessionId,
    [VERSION_HEADER]: RPC_VERSION,
  });
}

/** A token that is none, or no longer one, is no attempt at the password: an open page would lock its reader out. */
async function judge(
  { headers, caller }: Knock,
  guard: PasswordGuard,
  logins: Logins,
): Promise<Verdict> {
  const header = headers.get("authorization");
  if (tokenOf(header) === null) return await guard.judge(header, caller);
  return await logins.know(header) ? "right" : "missing";
}

function unauthorised(verdict: Verdict): Response | null {
  switch (verdict) {
    case "right":
      return null;
    case "locked":
      return refuse(429, "Too many wrong passwords; wait a minute", { "retry-after": "60" });
    case "wrong":
    case "missing":
      return refuse(401, "A user and password are needed", {
        "www-authenticate": 'Basic realm="TorrentManager", charset="UTF-8"',
      });
  }
}

/** A browser says that a page from elsewhere is behind it. Programs that are no browser say neither. */
function isForeign(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return true;
  const origin = headers.get("origin");
  if (origin === null) return false;
  const host = headers.get("host")?.toLowerCase();
  // `null`, and the schemes of extensions, have no such host
  return !["http", "https"].some((scheme) => origin.toLowerCase() === `${scheme}://${host}`);
}
