import { parseAddress, UsageError, utf8 } from "../base/mod.ts";

/** The proxy that everything goes through; plain values. */
export interface ProxyChoice {
  readonly scheme: "socks5" | "http";
  /** An address, or a name that our own system looks up. */
  readonly host: string;
  readonly port: number;
  /** Null: none. Never to be printed. */
  readonly user: string | null;
  readonly password: string;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { socks5: 1080, http: 8080 };
/** Bytes of a name or password (RFC 1929). */
const MOST_BYTES = 255;

/**
 * Reads `socks5://[user:password@]host[:port]` or the same with `http`. Throws `UsageError`, which repeats nothing of
 * what may be a password.
 */
export function parseProxy(text: string): ProxyChoice {
  const [, scheme = ""] = /^(socks5h?|http):\/\//i.exec(text) ?? [];
  // a special scheme: others are read differently
  const url = scheme === "" ? null : URL.parse(`http://${text.slice(scheme.length + 3)}`);
  const rest = url === null ? "" : url.pathname + url.search + url.hash;
  if (url === null || url.hostname === "" || !["", "/"].includes(rest)) {
    throw new UsageError(
      "Expected socks5://[USER:PASS@]HOST:PORT or http://… as the proxy, got something else",
    );
  }
  const kind = scheme.toLowerCase() === "http" ? "http" : "socks5";
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if ([user, password].some((each) => each === null || utf8(each).length > MOST_BYTES)) {
    throw new UsageError("Expected a name and password of at most 255 bytes each for the proxy");
  }
  if (user === "" && password !== "") {
    throw new UsageError("Expected a name before the proxy's password, got none");
  }
  // without a port `URL` cannot tell whether 80 was typed
  const typed = /:(\d+)\/?$/.exec(text.replace(/^.*@/, "").replace(/^\w+:\/\//, ""))?.[1];
  const port = typed === undefined ? DEFAULT_PORTS[kind]! : Number(typed);
  if (port < 1) throw new UsageError("Expected a port from 1 to 65535 for the proxy, got 0");
  return {
    scheme: kind,
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    user: user === "" ? null : user,
    password: password!,
  };
}

/** `socks5://host:port`, fit to be shown. */
export function proxyName({ scheme, host, port }: ProxyChoice): string {
  const shown = parseAddress(host)?.length === 16 ? `[${host}]` : host;
  return `${scheme}://${shown}:${port}`;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
