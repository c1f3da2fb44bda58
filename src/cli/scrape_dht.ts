/** How many take part in a torrent, as the DHT knows (BEP 33). */
import {
  type Endpoint,
  endpoint,
  type InfoHash,
  millis,
  splitHostPort,
  SystemRandom,
} from "../base/mod.ts";
import { DhtNode, type SearchResult } from "../dht/mod.ts";
import { AddressPolicy, peerInformant, SystemResolver, UdpDemux, UdpSocket } from "../net/mod.ts";
import type { DhtChoice } from "../session/mod.ts";
import type { Scraped } from "./environment.ts";

/** Milliseconds for all of it: somebody waits at a terminal. */
const TIMEOUT_MS = 15_000;
const TICK_MS = 50;
/** What stands in place of a tracker's URL. */
const DHT = "DHT";

/** Searches the DHT for a torrent and adds up what nodes say; never rejects. */
export async function scrapeDht(choice: DhtChoice, infoHash: InfoHash): Promise<Scraped> {
  const nothing = { url: DHT, seeders: null, leechers: null, downloads: null };
  const resolver = new SystemResolver();
  const policy = new AddressPolicy(resolver);
  const udp = new UdpDemux(UdpSocket.open(0), () => {});
  const running = udp.run();
  const now = () => millis(performance.now());
  const node = new DhtNode({
    port: {
      send: (packet, to) => udp.send(packet, to),
      mayContact: (at, from) => policy.peer(at, peerInformant((from ?? at).host)),
    },
    random: new SystemRandom(),
    families: udp.ipv6 ? ["v4", "v6"] : ["v4"],
    readOnly: true,
  }, now());
  udp.on("dht", (packet, from) => node.receive(packet, from, now()));
  const late = new AbortController();
  const result = Promise.withResolvers<SearchResult | null>();
  const timer = setTimeout(() => {
    late.abort();
    result.resolve(null);
  }, TIMEOUT_MS);
  const enter = async (text: string, informant: "user" | "stranger") => {
    for (const at of await find(text, resolver, late.signal)) {
      if (policy.peer(at, informant)) node.addNode(at);
    }
  };
  for (const text of choice.nodes) void enter(text, "user");
  for (const text of choice.entryPoints) void enter(text, "stranger");
  let searching = false;
  const ticking = setInterval(() => {
    node.tick(now());
    if (searching || node.status(now()).nodes === 0) return;
    searching = true;
    const done = (found: SearchResult) => result.resolve(found);
    node.search({ infoHash, announce: null, scrape: true }, { peers: () => {}, done }, now());
  }, TICK_MS);
  const found = await result.promise;
  clearInterval(ticking);
  clearTimeout(timer);
  late.abort();
  udp.close();
  await running;
  if (found === null) {
    return { ...nothing, message: searching ? "No answer in time" : "No node answers" };
  }
  const { seeds: seeders, leechers } = found;
  const message = seeders === null && leechers === null ? "It knows no such torrent" : null;
  return { ...nothing, seeders, leechers, message };
}

async function find(
  text: string,
  resolver: SystemResolver,
  signal: AbortSignal,
): Promise<Endpoint[]> {
  const parts = splitHostPort(text);
  if (parts === null) return [];
  const known = endpoint(parts.host, parts.port);
  if (known !== null) return [known];
  const found = await resolver.resolve(parts.host, signal).catch(() => []);
  return found.flatMap((address) => endpoint(address, parts.port) ?? []);
}
