/** What is tried with every client, by its row in the matrix. */
import type { Direction, FeatureId } from "../../../scripts/interop/matrix.ts";
import { FEW_FILES } from "../harness/payload.ts";
import { WITH_LSD } from "../harness/tm.ts";
import type { Torrent } from "../harness/torrent.ts";
import { encrypted, withoutUtp } from "./encryption.ts";
import type { Attempt } from "./lab.ts";
import { pexDown, pexUp } from "./pex.ts";
import { shareUp } from "./share.ts";
import { superSeedDown, superSeedUp } from "./super_seed.ts";
import { down, up, type Way } from "./transfer.ts";
import { webseedUp } from "./webseed.ts";

const DHT: Way = {
  dht: true,
  options: ({ dht }) => ["--dht-node", dht.nodes[0] ?? ""],
  // Transmission looks there after a minute.
  seconds: 150,
};

const IPV6: Way = { tracker: ({ tracker6 }) => tracker6, peers: "[fd78:" };

/** For what is not about finding each other. */
const TRACKED: Way = { tracker: ({ tracker }) => tracker };

/** A row's attempts; the slow ones first, because a few run at a time. */
export const ATTEMPTS: readonly (readonly [FeatureId, Partial<Record<Direction, Attempt>>])[] = [
  ["pex", { down: pexDown, up: pexUp }],
  ["super-seeding", { down: superSeedDown, up: superSeedUp }],
  ["dht", both(DHT)],
  ["magnet-dht", both({ ...DHT, link: (torrent) => magnet(torrent) })],
  ["encrypted", encrypted("required")],
  ["plain", encrypted("off")],
  ["encrypted-both", encrypted("required", ["--encryption", "require"])],
  ["lsd", both({ options: () => [WITH_LSD] })],
  ["utp", both({ tracker: ({ tracker }) => tracker, options: () => ["--no-tcp"] })],
  // Transmission calls by uTP first, and over IPv6 it does not get to TCP in time.
  ["ipv6", { down: down(IPV6), up: withoutUtp(up(IPV6)) }],
  ["webseed", { up: webseedUp }],
  ["share", { up: shareUp }],
  ["v2-file", both({ ...TRACKED, create: ["--v2"] })],
  ["v2-folder", both({ ...TRACKED, create: ["--v2"], shape: FEW_FILES })],
  ["hybrid-file", both({ ...TRACKED, create: ["--hybrid"] })],
  ["hybrid-folder", both({ ...TRACKED, create: ["--hybrid"], shape: FEW_FILES })],
  [
    "v2-magnet",
    both({
      tracker: ({ tracker }) => tracker,
      create: ["--v2"],
      shape: FEW_FILES,
      link: ({ infoHashV2, name }, _seed, { tracker }) =>
        `magnet:?xt=urn:btmh:1220${infoHashV2}&dn=${encodeURIComponent(name)}` +
        `&tr=${encodeURIComponent(tracker.url)}`,
    }),
  ],
  ["magnet-peer", both({ link: (torrent, seed) => `${magnet(torrent)}&x.pe=${seed}` })],
  [
    "magnet-tracker",
    both({
      tracker: ({ tracker }) => tracker,
      link: (torrent, _seed, { tracker }) =>
        `${magnet(torrent)}&tr=${encodeURIComponent(tracker.url)}`,
    }),
  ],
];

function both(way: Way): Record<Direction, Attempt> {
  return { down: down(way), up: up(way) };
}

function magnet({ infoHash, name }: Torrent): string {
  return `magnet:?xt=urn:btih:${infoHash}&dn=${encodeURIComponent(name)}`;
}
