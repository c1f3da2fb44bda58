/** Trackers of a torrent, as the RPC shows them. */
import type { TrackerView } from "../../manager/mod.ts";
import type { Json } from "./json.ts";
import { seconds } from "./times.ts";

/** `announceState`. */
const [INACTIVE, WAITING, ACTIVE] = [0, 1, 3];

/** One of `trackers`. */
export function trackerJson({ id, url, scrape, tier }: TrackerView): Json {
  return { announce: url, id, scrape, sitename: sitename(url), tier };
}

/** One of `trackerStats`. Peers are counted by announces alone: nothing is scraped, so what is said of scrapes is no. */
export function trackerStatsJson(tracker: TrackerView): Json {
  const { state } = tracker;
  const asked = tracker.lastAt !== null;
  const answered = asked && state !== "failed";
  return {
    announce: tracker.url,
    announceState: state === "asked" ? ACTIVE : tracker.nextAt === null ? INACTIVE : WAITING,
    downloadCount: tracker.downloads,
    hasAnnounced: asked,
    hasScraped: false,
    host: origin(tracker.url),
    id: tracker.id,
    isBackup: false,
    lastAnnouncePeerCount: tracker.peers,
    lastAnnounceResult: tracker.message !== "" ? tracker.message : answered ? "Success" : "",
    lastAnnounceStartTime: seconds(tracker.lastAt),
    lastAnnounceSucceeded: answered,
    lastAnnounceTime: seconds(tracker.lastAt),
    lastAnnounceTimedOut: false,
    lastScrapeResult: "",
    lastScrapeStartTime: 0,
    lastScrapeSucceeded: false,
    lastScrapeTime: 0,
    lastScrapeTimedOut: false,
    leecherCount: tracker.leechers,
    nextAnnounceTime: seconds(tracker.nextAt),
    nextScrapeTime: 0,
    scrape: tracker.scrape,
    scrapeState: INACTIVE,
    seederCount: tracker.seeders,
    sitename: sitename(tracker.url),
    tier: tracker.tier,
  };
}

/** One of `trackerFaults`: what is wrong, for who says it in another language, and the tracker's own words. */
export function trackerFaultJson({ id, fault, said }: TrackerView): Json {
  return { id, fault, said };
}

/** `trackerList`: one a line, an empty line between tiers. */
export function trackerList(trackers: readonly TrackerView[]): string {
  let text = "";
  let tier: number | null = null;
  for (const { url, tier: own } of trackers) {
    if (tier !== null && own !== tier) text += "\n";
    tier = own;
    text += `${url}\n`;
  }
  return text;
}

/** Scheme, host and port. */
function origin(url: string): string {
  return /^[^:]+:\/\/[^/?#]*/.exec(url)?.[0] ?? url;
}

/** What people call it: `example` of `tracker.example.org`; an address as it is. */
function sitename(url: string): string {
  const host = URL.parse(url.replace(/^\w+:/, "http:"))?.hostname ?? "";
  const parts = host.split(".");
  if (host.startsWith("[") || /^[\d.]+$/.test(host) || parts.length < 2) return host;
  return parts[parts.length - 2] ?? host;
}
