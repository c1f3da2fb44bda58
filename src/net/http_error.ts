/** Why a fetch gave nothing. */
export type HttpFailure =
  /** The address policy forbids it. */
  | "refused"
  | "timeout"
  | "too-large"
  | "redirects"
  /** The name leads to no address. */
  | "unknown-host"
  /** No connection, or it broke. */
  | "network";

/** A bounded fetch failed; the message is fit for the user and holds no query (it may carry a passkey). */
export class HttpError extends Error {
  override name = "HttpError";
  constructor(readonly reason: HttpFailure, message: string) {
    super(message);
  }
}

/** What the runtime's fetch threw, in plain words. Its own text repeats the whole URL. */
export function networkError(error: unknown, host: string): HttpError {
  // Deno 2.9 tells the reason in the error's cause, earlier ones in its message
  const cause = error instanceof Error ? error.cause : undefined;
  const text = cause === undefined ? String(error) : `${error} ${cause}`;
  // the URL comes before this, and its words are not the system's
  const told = text.slice(text.lastIndexOf("client error") + 1);
  const message = PLAIN.find(([pattern]) => pattern.test(told))?.[1] ?? "Connection failed";
  const reason = message === UNKNOWN_HOST ? "unknown-host" : "network";
  return new HttpError(reason, `${message} (${host})`);
}

const UNKNOWN_HOST = "Cannot find the address";
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/proxy server unreachable/i, "The proxy cannot be reached"],
  [
    /no acceptable auth|password auth|proxy authentication required/i,
    "The proxy refuses our name and password",
  ],
  [/not allowed by ruleset/i, "The proxy's rules do not allow it"],
  [
    /invalid response version|invalid reserved|invalid address type/i,
    "What should be the proxy speaks something else",
  ],
  [/tunnel/i, "The proxy hung up"],
  [/connection refused/i, "Connection refused"],
  [/dns error|failed to lookup/i, UNKNOWN_HOST],
  [/certificate|handshake|tls|InvalidContentType/i, "No secure connection could be made"],
  [/unreachable|no route/i, "Network unreachable"],
  [/timed out/i, "Connection timed out"],
  [/reset|broken pipe/i, "Connection reset"],
  [/closed|reading a body|end of file|incomplete/i, "Connection closed too early"],
  [/parsed|invalid|too large/i, "The answer is not valid HTTP"],
];
