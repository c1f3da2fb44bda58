/** Where a request comes from. */
import { addressScope, formatAddress, parseAddress } from "../base/mod.ts";

/** Who calls: an address, or null for the Unix socket, which the file system guards. */
export type Caller = string | null;

/** The caller is on this machine. */
export function isLocal(caller: Caller): boolean {
  if (caller === null) return true;
  const bytes = parseAddress(caller.replace(/%.*$/, ""));
  return bytes !== null && addressScope(bytes) === "loopback";
}

/** A proxy says that it speaks for somebody else, who may be anywhere. */
export function isForwarded(headers: Headers): boolean {
  return ["forwarded", "x-forwarded-for", "via"].some((name) => headers.has(name));
}

/** Whom to count a caller as: of an IPv6 address the network, as one machine has all of it. */
export function callerKey(caller: Caller): string {
  if (caller === null) return "";
  const bytes = parseAddress(caller.replace(/%.*$/, ""));
  if (bytes === null) return caller;
  // what carries an IPv4 address is written as one
  const text = formatAddress(bytes);
  return text.includes(":") ? formatAddress(bytes.slice().fill(0, 8)) : text;
}
