/** What a proxy did instead of carrying us. */
export type ProxyFault =
  /** It cannot be connected to, or hung up before it was through. */
  | "unreachable"
  | "silent"
  /** What it says is not SOCKS 5. */
  | "nonsense"
  /** It wants a name and password, or others than ours. */
  | "credentials"
  /** It will not carry this, by its own rules or because it cannot. */
  | "refused"
  /** It tried, and whoever is behind it cannot be reached, or refuses. */
  | "target-unreachable"
  | "target-refused"
  | "target-silent";

/** A proxy did not carry us; the message is for people, and holds no password. */
export class ProxyError extends Error {
  override name = "ProxyError";
  constructor(readonly fault: ProxyFault, message: string) {
    super(message);
  }
}
