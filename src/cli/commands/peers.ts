import { formatEndpoint } from "../../base/mod.ts";
import { readPeers, type RemotePeer } from "../../remote/mod.ts";
import { detailCommand, type DetailList } from "../manager/detail_command.ts";
import { formatCount, formatPercent, formatRate, formatShort } from "../units.ts";

const rate = (value: number) => value < 1 ? "-" : formatShort(value);

/** The connected peers of a torrent. */
export const PEER_LIST: DetailList<RemotePeer> = {
  fields: ["peers"],
  read: readPeers,
  type: "peer",
  style: () => ({
    fields: [
      {
        title: "Address",
        cell: ({ address: host, port }) => port === 0 ? host : formatEndpoint({ host, port }),
      },
      { title: "Has", side: "right", cell: ({ progress }) => formatPercent(progress, 1) },
      { title: "Down/s", side: "right", cell: ({ downRate }) => rate(downRate) },
      { title: "Up/s", side: "right", cell: ({ upRate }) => rate(upRate) },
      { title: "Flags", cell: ({ flags }) => flags.slice(0, 16) },
      { title: "Program", shrinks: true, cell: ({ client }) => client },
    ],
  }),
  sum(peers) {
    if (peers.length === 0) return "No peer is connected (tm why tells the cause)";
    const total = (of: (peer: RemotePeer) => number) =>
      formatRate(peers.reduce((sum, peer) => sum + of(peer), 0));
    const [down, up] = [total(({ downRate }) => downRate), total(({ upRate }) => upRate)];
    return `${formatCount(peers.length, "peer")}; ↓ ${down} ↑ ${up}`;
  },
};

/** `tm peers ID…` */
export const peers = detailCommand({
  name: "peers",
  summary: "Show a torrent's connected peers",
  about: "Flags: D we download from it (d: we want to), U upload to it (u: it wants to),\n" +
    "K, ? unchoked without interest, E encrypted, I it connected to us, O optimistic,\n" +
    "S snubbed, T uTP, H, X, L found by the DHT, peers or near by.",
  examples: [["tm peers 3", "Of one torrent"]],
  list: PEER_LIST,
});
