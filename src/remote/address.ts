/** Where a manager is, from what somebody types. */
import { formatAddress, parseAddress, UsageError } from "../base/mod.ts";

/** The port of the Transmission RPC. */
const DEFAULT_PORT = 9091;
/** Where the RPC is on a server of Transmission's kind. */
const DEFAULT_PATH = "/transmission/rpc";

/** A name and a password for a manager (HTTP Basic). */
export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** Where a manager listens. */
export type ManagerAddress =
  & {
    /** For people, without a password: `127.0.0.1:9091`. */
    readonly shown: string;
    /** What stood in a URL, null without. */
    readonly credentials: Credentials | null;
  }
  & (
    | { readonly kind: "http"; readonly url: string }
    | { readonly kind: "unix"; readonly path: string }
  );

/**
 * Reads `HOST`, `PORT`, `HOST:PORT`, `[V6]:PORT`, `unix:PATH` or an http or https URL, to which a missing path is
 * added. Null when it is none; whoever tells must not show `text`, it may hold a password.
 */
export function parseManagerAddress(text: string): ManagerAddress | null {
  const socket = /^unix:(?:\/\/)?(.+)$/.exec(text)?.[1];
  if (socket !== undefined) {
    return { kind: "unix", path: socket, shown: `unix:${socket}`, credentials: null };
  }
  if (/^https?:\/\//i.test(text)) return ofUrl(text);
  if (/[@\s/?#]/.test(text)) return null;
  const bare = parseAddress(text);
  if (/^\d{1,5}$/.test(text)) return ofUrl(`http://127.0.0.1:${text}`);
  if (bare !== null && text.includes(":")) {
    return ofUrl(`http://[${formatAddress(bare)}]:${DEFAULT_PORT}`);
  }
  const match = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return null;
  return ofUrl(`http://${text}${match[1] === undefined ? `:${DEFAULT_PORT}` : ""}`);
}

/** The first line of a file that holds `NAME:PASSWORD`, or the same typed. Throws `UsageError` that does not show it. */
export function parseCredentials(text: string, where: string): Credentials {
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  const colon = line.indexOf(":");
  if (colon < 1) throw new UsageError(`Expected USER:PASS ${where}, got something else`);
  return { name: line.slice(0, colon), password: line.slice(colon + 1) };
}

function ofUrl(text: string): ManagerAddress | null {
  const url = URL.parse(text);
  if (url === null || url.hostname === "" || url.port === "0") return null;
  if (url.pathname === "/") url.pathname = DEFAULT_PATH;
  // transmission-remote is given the folder above
  else if (/^\/.*\/transmission\/$|^\/transmission\/$/.test(url.pathname)) url.pathname += "rpc";
  url.search = url.hash = "";
  const credentials = url.username === "" && url.password === "" ? null : {
    name: decode(url.username),
    password: decode(url.password),
  };
  url.username = url.password = "";
  const plain = url.protocol === "http:" && url.pathname === DEFAULT_PATH;
  const shown = plain ? `${url.hostname}:${url.port || 80}` : url.href;
  return { kind: "http", url: url.href, shown, credentials };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
