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
import type { Scraped, ScrapeOptions } from "./environment.ts";

/** Milliseconds a tracker has: somebody waits at a terminal. */
const TIMEOUT_MS = 10_000;

const NOTHING = { seeders: null, leechers: null, downloads: null };

/** Asks all trackers at once, in `urls`'s order, and the DHT after them; never rejects. The same addresses are forbidden as in a download. */
export async function scrapeTrackers(
  urls: readonly string[],
  infoHash: InfoHash,
  { proxy = null, dht = null }: ScrapeOptions = {},
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
    // through a proxy its names would have to be looked up here
    const asked = dht === null || proxy !== null
      ? []
      : [import("./scrape_dht.ts").then(({ scrapeDht }) => scrapeDht(dht, infoHash))];
    return await Promise.all([...urls.map(scrape), ...asked]);
  } finally {
    clearTimeout(timer);
    client.close();
    udp?.close();
    await running;
  }
}
