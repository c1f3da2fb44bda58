/** Peers of a torrent, as the RPC shows them. */
import type { PeerOrigins, PeerView } from "../../manager/mod.ts";
import type { Json } from "./json.ts";

/** One of `peers`. In its words the client is we, the peer the other. */
export function peerJson(peer: PeerView): Json {
  return {
    address: peer.address,
    clientIsChoked: peer.choking,
    clientIsInterested: peer.interesting,
    clientName: peer.client,
    flagStr: flags(peer),
    isDownloadingFrom: peer.downRate > 0,
    isEncrypted: peer.encrypted,
    isIncoming: peer.incoming,
    isUTP: peer.utp,
    isUploadingTo: peer.upRate > 0,
    peerIsChoked: peer.choked,
    peerIsInterested: peer.interested,
    port: peer.port,
    progress: peer.progress,
    rateToClient: Math.round(peer.downRate),
    rateToPeer: Math.round(peer.upRate),
  };
}

/** `peersFrom`. Peers that the user or a link names are counted as cached, for which Transmission has no word. */
export function originsJson(origins: PeerOrigins): Json {
  return {
    fromCache: origins.cache + origins.user,
    fromDht: origins.dht,
    fromIncoming: origins.incoming,
    fromLpd: origins.lsd,
    fromLtep: 0,
    fromPex: origins.pex,
    fromTracker: origins.tracker,
  };
}

/** Transmission's letters, in its order. */
function flags(peer: PeerView): string {
  const letters: string[] = [];
  if (peer.utp) letters.push("T");
  if (peer.optimistic) letters.push("O");
  if (peer.downRate > 0) letters.push("D");
  else if (peer.interesting) letters.push("d");
  if (peer.upRate > 0) letters.push("U");
  else if (peer.interested) letters.push("u");
  if (!peer.choking && !peer.interesting) letters.push("K");
  if (!peer.choked && !peer.interested) letters.push("?");
  if (peer.encrypted) letters.push("E");
  if (peer.origin === "dht") letters.push("H");
  if (peer.origin === "pex") letters.push("X");
  if (peer.incoming) letters.push("I");
  return letters.join("");
}
