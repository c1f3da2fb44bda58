/**
 * rtorrent set to require encryption, or to do without, against `tm` that prefers it or requires it too; both
 * directions. It has no column in the matrix: this is all that is asked of it. Arguments as in `harness/options.ts`.
 */
import type { Encryption } from "./clients/client.ts";
import { RTORRENT, startRtorrent } from "./clients/rtorrent.ts";
import { isChosen, isChosenFeature } from "./harness/options.ts";
import { down, type Other, up } from "./pair.ts";

const CELLS: readonly (readonly [feature: string, theirs: Encryption, ours: string])[] = [
  ["encrypted", "required", "prefer"],
  ["encrypted-both", "required", "require"],
  ["plain", "off", "prefer"],
];

for (const [feature, theirs, ours] of CELLS) {
  const ignore = !isChosen("rtorrent") || !isChosenFeature(feature);
  const switches = ["--no-pex", "--encryption", ours];
  const rtorrent: Other = {
    name: "rtorrent",
    requirements: [RTORRENT],
    seed: 95,
    start: (host, folder, torrent, data) => startRtorrent(host, folder, torrent, data, theirs),
  };
  Deno.test({
    name: `tm --encryption ${ours} downloads what rtorrent seeds, encryption ${theirs}`,
    ignore,
    fn: () => down(rtorrent, switches),
  });
  Deno.test({
    name: `rtorrent, encryption ${theirs}, downloads what tm --encryption ${ours} seeds`,
    ignore,
    fn: () => up(rtorrent, switches),
  });
}
