/** How addresses count when one stranger must not be many nodes. */
import { addressScope, binaryString, type Endpoint } from "../base/mod.ts";
import { addressOf } from "./contacts.ts";

/** Whose neighbours they are: 24 bits of IPv4, 48 of IPv6, which one hand may hold. Null off the public internet. */
export function networkOf(endpoint: Endpoint): string | null {
  const address = addressOf(endpoint);
  if (addressScope(address) !== "public") return null;
  return binaryString(address.subarray(0, address.length === 4 ? 3 : 6));
}
