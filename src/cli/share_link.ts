/** The magnet link of what is shared. */
import { type Endpoint, endpoint, formatEndpoint } from "../base/mod.ts";
import { encodeMagnet, type Metainfo } from "../metainfo/mod.ts";

/** Where a share can be reached. */
export interface Reach {
  /** Addresses or names, the likeliest first. */
  readonly hosts: readonly string[];
  /** Where peers connect. */
  readonly port: number;
  /** Where our tracker answers, null: nowhere. */
  readonly trackerPort: number | null;
  /** Announce URLs of others' trackers. */
  readonly otherTrackers: readonly string[];
}

/** The link with everything in it: name, size, our tracker and our port at each address, other trackers. */
export function shareLink({ infoHash, name, totalLength }: Metainfo, reach: Reach): string {
  return encodeMagnet({
    infoHash,
    name,
    length: totalLength,
    trackers: [...ownTrackers(reach), ...reach.otherTrackers],
    peers: reach.hosts.map((host) => formatEndpoint({ host, port: reach.port })),
  });
}

/** Links for the eye of a camera, the longest first: the likeliest address alone, with its tracker and without. */
export function shortLinks({ infoHash }: Metainfo, reach: Reach): string[] {
  const host = reach.hosts[0];
  if (host === undefined) return [];
  const peers = [formatEndpoint({ host, port: reach.port })];
  const trackers = ownTrackers({ ...reach, hosts: [host] });
  return [{ infoHash, trackers, peers }, { infoHash, peers }].map((each) =>
    // a query may hold these as they are, and the code is smaller by a size
    encodeMagnet(each).replaceAll("%3A", ":").replaceAll("%2F", "/")
  );
}

/** Announce URLs of our tracker. HTTP alone: every client has it, and its link is no longer than it must be. */
export function ownTrackers(
  { hosts, trackerPort }: Pick<Reach, "hosts" | "trackerPort">,
): string[] {
  if (trackerPort === null) return [];
  return hosts.map((host) => `http://${formatEndpoint({ host, port: trackerPort })}/announce`);
}

/** Where our seed is, for the tracker to tell; it can tell of addresses only, not of names. */
export function ownSeeds({ hosts, port }: Reach): Endpoint[] {
  return hosts.flatMap((host) => endpoint(host, port) ?? []);
}
