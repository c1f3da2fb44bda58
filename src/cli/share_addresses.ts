/** Under which addresses others reach this machine, as far as it can know. */
import { type AddressScope, addressScope, formatAddress, parseAddress } from "../base/mod.ts";
import type { InterfaceAddress } from "./environment.ts";

/** Each goes into the magnet link twice; more would make it unwieldy. */
const MOST_IPV4 = 4;
const MOST_IPV6 = 2;
/** Networks inside this machine, as containers and virtual machines have: hardly ever where somebody else is. */
const INSIDE = /^(docker|br-|veth|virbr|vmnet|vboxnet|vethernet|lxc|lxd|cni|flannel|cali|podman)/i;
/** Addresses that lead to a machine of any other network, or of this one. */
const REACHABLE: readonly AddressScope[] = ["public", "private", "reserved"];

interface Candidate {
  readonly host: string;
  readonly isIpv6: boolean;
  readonly scope: AddressScope;
  readonly inside: boolean;
}

/**
 * Canonical addresses for others, the likeliest first: IPv4, then IPv6, networks inside this machine after the others of
 * their family. An IPv4 address that chose itself (169.254/16) only where there is no other, loopback only where there
 * is not even that; link-local IPv6 means nothing without its interface, so it is left out.
 */
export function shareAddresses(interfaces: readonly InterfaceAddress[], ipv6: boolean): string[] {
  const all = interfaces.flatMap(candidate).filter(({ isIpv6 }) => ipv6 || !isIpv6);
  const reachable = all.filter(({ scope }) => REACHABLE.includes(scope));
  const chosen = [
    ...hosts(reachable.filter(({ isIpv6 }) => !isIpv6)).slice(0, MOST_IPV4),
    ...hosts(reachable.filter(({ isIpv6 }) => isIpv6)).slice(0, MOST_IPV6),
  ];
  if (chosen.length > 0) return chosen;
  const self = all.filter(({ isIpv6, scope }) => !isIpv6 && scope === "link-local");
  return self.length > 0 ? hosts(self).slice(0, MOST_IPV4) : ["127.0.0.1"];
}

function candidate({ name, address }: InterfaceAddress): Candidate[] {
  const bytes = parseAddress(address.replace(/%.*$/, ""));
  if (bytes === null) return [];
  const isIpv6 = bytes.length === 16;
  return [{
    host: formatAddress(bytes),
    isIpv6,
    scope: addressScope(bytes),
    inside: INSIDE.test(name),
  }];
}

/** Each once, those inside last. */
function hosts(candidates: readonly Candidate[]): string[] {
  const ordered = [
    ...candidates.filter(({ inside }) => !inside),
    ...candidates.filter(({ inside }) => inside),
  ];
  return [...new Set(ordered.map(({ host }) => host))];
}
