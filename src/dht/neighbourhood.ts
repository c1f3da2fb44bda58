/** How addresses count when one stranger must not be many nodes. */
import { addressScope, binaryString, type Endpoint, formatEndpoint } from "../base/mod.ts";
import { addressOf } from "./contacts.ts";

/**
 * Whose address it is: one IPv4 address, one IPv6 network of 64 bits. Off the public internet many nodes share an
 * address, so there the port belongs to it.
 */
export function holderOf(endpoint: Endpoint): string {
  const address = addressOf(endpoint);
  if (addressScope(address) !== "public") return formatEndpoint(endpoint);
  return address.length === 4 ? endpoint.host : binaryString(address.subarray(0, 8));
}

/** Whose neighbours they are: 24 bits of IPv4, 48 of IPv6, which one hand may hold. Null off the public internet. */
export function networkOf(endpoint: Endpoint): string | null {
  const address = addressOf(endpoint);
  if (addressScope(address) !== "public") return null;
  return binaryString(address.subarray(0, address.length === 4 ? 3 : 6));
}
