/** What an HTTP tracker of ours answers (BEP 3, 7, 23, 48). */
import {
  binaryString,
  type Bytes,
  concat,
  type Endpoint,
  type InfoHash,
  toCompact,
} from "../base/mod.ts";
import { encode } from "../bencode/mod.ts";
import type { AnnounceQuery } from "./http_query.ts";
import type { SwarmPeer, SwarmSize } from "./swarm_registry.ts";

/** When a client shall come again, seconds. */
export interface AnnounceTimes {
  readonly interval: number;
  readonly minInterval: number;
}

/** The body of an announce answer in the form the query asked for. IPv6 peers of the short form go to `peers6`. */
export function encodeAnnounceAnswer(
  answer: SwarmSize & AnnounceTimes & { readonly peers: readonly SwarmPeer[] },
  form: Pick<AnnounceQuery, "compact" | "noPeerId">,
): Bytes {
  const head = {
    complete: answer.seeders,
    incomplete: answer.leechers,
    downloaded: answer.downloads,
    interval: answer.interval,
    "min interval": answer.minInterval,
  };
  const endpoints = answer.peers.map((peer) => peer.endpoint);
  if (form.compact) {
    const peers6 = endpoints.filter(isIpv6);
    return encode({
      ...head,
      peers: compact(endpoints.filter((peer) => !isIpv6(peer))),
      peers6: peers6.length > 0 ? compact(peers6) : undefined,
    });
  }
  return encode({
    ...head,
    peers: answer.peers.map(({ endpoint: { host, port }, peerId }) => ({
      ip: host,
      "peer id": form.noPeerId ? undefined : peerId ?? undefined,
      port,
    })),
  });
}

/** The body of a scrape answer; a hash asked for twice is answered once. */
export function encodeScrapeAnswer(sizes: Iterable<readonly [InfoHash, SwarmSize]>): Bytes {
  const files = new Map<string, { complete: number; downloaded: number; incomplete: number }>();
  for (const [hash, { seeders, leechers, downloads }] of sizes) {
    const counts = { complete: seeders, downloaded: downloads, incomplete: leechers };
    files.set(binaryString(hash), counts);
  }
  return encode({ files });
}

/** The body that refuses a request; `reason` is shown to the user at the other end. */
export function encodeFailure(reason: string): Bytes {
  return encode({ "failure reason": reason });
}

function isIpv6({ host }: Endpoint): boolean {
  return host.includes(":");
}

function compact(peers: readonly Endpoint[]): Bytes {
  return concat(...peers.map(toCompact));
}
