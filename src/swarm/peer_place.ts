/** Where peers are, as others may be told. */
import { type Endpoint, endpointScope, splitHostPort } from "../base/mod.ts";
import type { Peer } from "./peer.ts";

/** Where `peer` takes connections; null: not known. */
export function listening({ identity, listenPort, connection }: Peer): Endpoint | null {
  const { key, host, outgoing } = identity;
  // over uTP it calls from where it listens, as its router shows it
  if (outgoing || connection.link.utp === true) return splitHostPort(key);
  return listenPort === null ? null : { host, port: listenPort };
}

/** Local addresses are for those who are there too: to others they say how our network looks. */
export function mayKnow(peer: Peer, at: Endpoint): boolean {
  const where = endpointScope(at);
  if (where === "public") return true;
  const who = endpointScope({ host: peer.identity.host, port: 0 });
  return where === "loopback" ? who === "loopback" : who !== "public";
}
