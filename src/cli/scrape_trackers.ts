/** What a torrent's trackers know of its swarm. */
import { type InfoHash, messageOf, toHex } from "../base/mod.ts";
import {
  AddressPolicy,
  openProxy,
  SystemResolver,
  TrackerClient,
  UdpDemux,
  UdpSocket,
} from "../net/mod.ts";
import type { ProxyChoice } from "../proxy/mod.ts";
import type { Scraped } from "./environment.ts";

/** Milliseconds a tracker has: somebody waits at a terminal. */
const TIMEOUT_MS = 10_000;

const NOTHING = { seeders: null, leechers: null, downloads: null };

/** Asks all trackers at once, in `urls`'s order; never rejects. The same addresses are forbidden as in a download. */
export async function scrapeTrackers(
  urls: readonly string[],
  infoHash: InfoHash,
  proxy: ProxyChoice | null = null,
): Promise<Scraped[]> {
  const socket = proxy === null ? UdpSocket.open(0) : (await openProxy(proxy, true, () => {})).udp;
  const udp = socket === null ? null : new UdpDemux(socket, () => {});
  const running = udp?.run();
  const client = new TrackerClient(new AddressPolicy(new SystemResolver(), { proxy }), udp);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error("No answer in time")), TIMEOUT_MS);
  const scrape = async (url: string): Promise<Scraped> => {
    try {
      const counts = await client.scrape(url, [infoHash], late.signal);
      const found = counts.get(toHex(infoHash));
      const message = found === undefined ? "It knows no such torrent" : null;
      return { url, ...(found ?? NOTHING), message };
    } catch (error) {
      return { url, ...NOTHING, message: messageOf(error) };
    }
  };
  try {
    return await Promise.all(urls.map(scrape));
  } finally {
    clearTimeout(timer);
    client.close();
    udp?.close();
    await running;
  }
}
