/** Our own addresses in networks that have a gateway. */
import { addressScope, parseAddress } from "../../base/mod.ts";
import type { LocalNetwork } from "./mapping.ts";

/** Networks that are called out in. */
const MOST_NETWORKS = 8;

/** The IPv4 networks we are in, but loopback; none where the system may not be asked. */
export function localNetworks(): LocalNetwork[] {
  try {
    return Deno.networkInterfaces()
      .filter(({ family }) => family === "IPv4")
      .map(({ address, netmask }) => ({ address, bits: bitsOf(netmask) }))
      .filter(({ address }) => scopeOf(address) !== "loopback")
      .slice(0, MOST_NETWORKS);
  } catch {
    // not allowed, or no such system
    return [];
  }
}

/** Those that stand behind a gateway: it is no use to the others. */
export function behindGateway(networks: readonly LocalNetwork[]): LocalNetwork[] {
  return networks.filter(({ address }) => ["private", "link-local"].includes(scopeOf(address)));
}

/** Our address in the network of `host`, the narrowest where there are several; null: in none. */
export function addressNear(host: string, networks: readonly LocalNetwork[]): string | null {
  const near = networks.filter(({ address, bits }) => sameNetwork(address, host, bits));
  near.sort((a, b) => b.bits - a.bits);
  return near[0]?.address ?? null;
}

function sameNetwork(a: string, b: string, bits: number): boolean {
  const [one, other] = [parseAddress(a), parseAddress(b)];
  if (one?.length !== 4 || other?.length !== 4) return false;
  for (let i = 0; i < bits; i++) {
    const bit = 0x80 >> (i & 7);
    if ((one[i >> 3]! & bit) !== (other[i >> 3]! & bit)) return false;
  }
  return true;
}

function bitsOf(netmask: string): number {
  const bytes = parseAddress(netmask);
  if (bytes === null) return 32;
  let bits = 0;
  while (bits < 32 && (bytes[bits >> 3]! & (0x80 >> (bits & 7))) !== 0) bits++;
  return bits;
}

function scopeOf(address: string): string {
  return addressScope(parseAddress(address) ?? new Uint8Array(4));
}
