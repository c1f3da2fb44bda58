/**
 * webtorrent against a `tm` that has nothing but uTP, both directions. It has no column in the matrix: this is all that
 * is asked of it. Arguments as in `harness/options.ts`.
 */
import { NODE, startWebtorrent } from "./clients/webtorrent.ts";
import { isChosen, isChosenFeature } from "./harness/options.ts";
import { down, type Other, up } from "./pair.ts";

const ignore = !isChosen("webtorrent") || !isChosenFeature("utp");
const switches = ["--no-pex", "--no-tcp"];
const webtorrent: Other = {
  name: "webtorrent",
  requirements: [NODE],
  seed: 96,
  start: startWebtorrent,
};

Deno.test({
  name: "tm downloads over uTP alone what webtorrent seeds",
  ignore,
  fn: () => down(webtorrent, switches),
});
Deno.test({
  name: "webtorrent downloads over uTP alone what tm seeds",
  ignore,
  fn: () => up(webtorrent, switches),
});
