/** Why a download does not move, and what to do, in English. */
import type { Counted } from "../counted.ts";
import type { Advised } from "../said.ts";

/** Some of some servers or peers; `name`: the one, where there is no other. */
export interface Portion {
  readonly count: Counted;
  readonly total: Counted;
  readonly name: string | null;
}

/** A sentence about some of some: `one` and `many` follow who they are. */
type About = (one: string, many: string, advice: string) => (portion: Portion) => Advised;

/** A sentence about servers, called `noun`, as long as others fail otherwise. */
function about(noun: string): About {
  return (one, many, advice) => ({ count, total, name }) => {
    const all = count.value === total.value;
    const who = name !== null
      ? `The ${noun} ${name}`
      : !all
      ? `${count.value === 1 ? "One" : count} of ${total} ${noun}s`
      : total.value === 1
      ? `The ${noun}`
      : total.value === 2
      ? `Both ${noun}s`
      : `All ${total} ${noun}s`;
    return [`${who} ${count.value === 1 ? one : many}.`, advice];
  };
}

const peers = about("peer");
const trackers = about("tracker");
const webseeds = about("web server");
const sources = about("source of the link");

const OTHERS = "Wait for other peers.";
const PEERS_AGAIN = "It may be full or want nothing of us: wait for other peers.";
const PORT = "Nothing speaks BitTorrent there: check the port, or wait for other peers.";
const AGAIN = "It is asked again by itself.";
const CHANGED = "The files there are not the torrent’s, or have moved: wait for peers.";
const WAIT = "Wait for peers.";
const SOURCE = "Wait for peers, or add the torrent file itself.";
const LOST = ["has no address that can be found", "have no address that can be found"] as const;
const NETWORK = "Check that the network and its name server work.";
const CUT = ["cannot be reached", "cannot be reached"] as const;
const SILENT = ["does not answer in time", "do not answer in time"] as const;
const MAY_NOT = ["may not be asked", "may not be asked"] as const;
const BADLY = ["gives no proper answer", "give no proper answer"] as const;
const LEADS = ["leads from one address to the next", "lead from one address to the next"] as const;
const LATER = ["asks us to come later", "ask us to come later"] as const;
const TROUBLE = ["is in trouble", "are in trouble"] as const;
const LACKS = ["does not have it", "do not have it"] as const;
const KEEPS = ["does not give it to us", "do not give it to us"] as const;
const ASKED = ["has not answered yet", "have not answered yet"] as const;

/** By the codes of the manager's causes. */
export const CAUSES_EN = {
  "no-source": ["It has no tracker, and no peer is known.", "Add a tracker."] as Advised,
  "no-seeders": [
    "No tracker counts a seed: nobody may have all of it.",
    "Wait until a seed comes back. What is here is kept.",
  ] as Advised,
  "private-addresses": [
    "The peers it names are on private addresses, where strangers may send nobody.",
    "Add a tracker near by.",
  ] as Advised,
  "dht-no-nodes": [
    "No node of the DHT answers.",
    "Check that UDP is let out by the firewall.",
  ] as Advised,
  "offline": [
    "This machine seems to be offline: no tracker and no peer is reached.",
    "Check the network connection.",
  ] as Advised,
  "places-taken": [
    "All connections are taken by other torrents.",
    "Wait until one of them is done, or run fewer at once.",
  ] as Advised,
  "not-listening": [
    "The manager takes no connections from outside.",
    "Start it without --no-listen, so that peers can come to us.",
  ] as Advised,
  "nothing-to-give": [
    "We have no piece yet to give in return.",
    "Wait: newcomers are served by turns.",
  ] as Advised,
  "reader-slow": ["Who reads the stream takes nothing.", "See what it waits for."] as Advised,
  "check-slow": [
    "The disk takes long to open and read the files.",
    "Wait, and see what else uses the disk.",
  ] as Advised,
  "connecting": ({ count }: { count: Counted }): Advised => [
    `${count.of("connection is", "connections are")} being made.`,
    "Wait a moment.",
  ],
  "peers-banned": ({ count }: { count: Counted }): Advised => [
    `${count.of("peer was", "peers were")} sent away for bad data.`,
    "Wait for other peers. If all send bad data, the torrent file may be wrong.",
  ],
  "ip-filter": ({ count }: { count: Counted }): Advised => [
    `The address list keeps ${count.of("address", "addresses")} away.`,
    "See whether the list says what you mean, or switch it off.",
  ],
  "metadata-wrong": ({ count }: { count: Counted }): Advised => [
    `What came was not what the link names (${count.of("time", "times")}).`,
    "Wait: those who send it are sent away, and others are asked.",
  ],
  "no-peers": ({ count, total }: { count: Counted; total: Counted }): Advised => [
    total.value === 1
      ? "The tracker answers, but knows no other peers."
      : `${count} of ${total} trackers answer, but know no other peers.`,
    "Wait until somebody serves it, or add a tracker.",
  ],
  "peers-gone": ({ seconds }: { seconds: string | null }): Advised => [
    "The peers that were connected have left.",
    `Wait: they are tried again ${seconds === null ? "soon" : `in ${seconds}`}.`,
  ],
  "dht-asked": ({ count }: { count: Counted }): Advised => [
    `The DHT has not answered yet (${count.of("node", "nodes")} known).`,
    "Wait: it takes a few seconds.",
  ],
  "dht-no-peers": (
    { count, seconds, asking }: { count: Counted; seconds: string | null; asking: boolean },
  ): Advised => [
    `The DHT knows no other peers (${count.of("node", "nodes")} known).`,
    `Wait: it is asked again ${asking ? "now" : seconds === null ? "soon" : `in ${seconds}`}.`,
  ],
  "choked": ({ count, useful }: { count: Counted; useful: Counted }): Advised => [
    useful.value === 1
      ? "The peer that has something for us serves only others now."
      : `${count} of ${useful} peers that have something for us serve only others now.`,
    "Wait: places change about every half minute.",
  ],
  "pieces-missing": (
    { count, missing }: { count: Counted; missing: Counted },
  ): Advised => [
    `Nobody connected has ${count} of the ${missing.of("missing piece", "missing pieces")}.`,
    "Wait for a peer that has them; a seed has everything.",
  ],
  "snubbed": ({ count }: { count: Counted }): Advised => [
    `${count.of("peer that lets us ask sends", "peers that let us ask send")} nothing.`,
    "Wait: the same blocks are asked of others as soon as there are any.",
  ],
  "metadata-nowhere": ({ connected }: { connected: Counted }): Advised => [
    connected.value === 1
      ? "The one peer connected has no metadata either."
      : `None of the ${connected} peers connected has the metadata.`,
    "Wait for a peer that has: a seed, or whoever has begun to download.",
  ],
  "metadata-refused": ({ count, total }: { count: Counted; total: Counted }): Advised => [
    `${count} of ${total.of("peer", "peers")} that have the metadata will not give it now.`,
    "Wait: they are asked again, and others as they come.",
  ],
  "metadata-silent": ({ count, total }: { count: Counted; total: Counted }): Advised => [
    `${count} of ${total.of("peer", "peers")} do not answer when asked for the metadata.`,
    "Wait: they are asked again, and others as they come.",
  ],
  "metadata-slow": (
    { bytes, totalBytes }: { bytes: string; totalBytes: string | null },
  ): Advised => [
    totalBytes === null
      ? "Peers have just been asked for the metadata."
      : `${bytes} of ${totalBytes} of metadata are here, and more come slowly.`,
    "Wait: every peer that has it is asked.",
  ],
  "no-incoming": ({ port, mapping }: { port: string; mapping: string | null }): Advised => [
    `Nobody from outside is connected to our port ${port}.`,
    mapping === "asking"
      ? "The router is being asked to open it."
      : mapping === "mapped"
      ? `The router lets them in: open TCP port ${port} in this machine’s firewall too.`
      : `Open TCP port ${port} in the firewall and the router, so that peers can come to us.`,
  ],
  "upload-limit": ({ rate }: { rate: string }): Advised => [
    `The upload limit of ${rate} is low, and peers serve those who give.`,
    "Raise it.",
  ],
  "download-limit": ({ rate }: { rate: string }): Advised => [
    `The download limit of ${rate} is reached, as it should be.`,
    "Wait, or raise it.",
  ],
  "disk-slow": ({ bytes }: { bytes: string | null }): Advised => [
    bytes === null
      ? "The data of other torrents waits to be written."
      : `${bytes} wait to be written.`,
    "The disk is slow or hangs: see what else uses it.",
  ],

  "peers-no-socket": peers(
    "cannot be dialled: no more connections can be opened here",
    "cannot be dialled: no more connections can be opened here",
    "Raise the limit of open files (ulimit -n), or run fewer torrents at once.",
  ),
  "peers-proxy": peers(
    "was not reached through the proxy",
    "were not reached through the proxy",
    "Check whether the proxy runs and carries peers.",
  ),
  "peers-unreachable": peers(
    "lies in a network that cannot be reached from here",
    "lie in networks that cannot be reached from here",
    "Check your network (an address with : needs IPv6), or wait for other peers.",
  ),
  "peers-silent": peers(
    "does not answer",
    "do not answer",
    "A firewall is between, or nobody is there any more: wait for other peers.",
  ),
  "peers-refused": peers(
    "refuses the connection",
    "refuse the connection",
    "Nothing listens there now: wait for other peers.",
  ),
  "peers-hung-up": peers(
    "closes the connection right after our handshake",
    "close the connection right after our handshake",
    "It may be full, or want encryption otherwise than we do: wait for other peers.",
  ),
  "peers-no-handshake": peers(
    "takes the connection and says nothing",
    "take the connection and say nothing",
    PORT,
  ),
  "peers-nonsense": peers("breaks the protocol", "break the protocol", PORT),
  "peers-other-torrent": peers("serves another torrent", "serve other torrents", OTHERS),
  "peers-left": peers(
    "connects and leaves without giving anything",
    "connect and leave without giving anything",
    PEERS_AGAIN,
  ),
  "peers-unwanted": peers(
    "is connected already or banned",
    "are connected already or banned",
    OTHERS,
  ),
  "peers-other": peers("cannot be connected to", "cannot be connected to", OTHERS),

  "tracker-refuses": ({ said, ...portion }: Portion & { said: string }): Advised =>
    trackers(
      `refuses this torrent${said === "" ? "" : `: “${said}”`}`,
      `refuse this torrent${said === "" ? "" : `: “${said}”`}`,
      "Get the torrent file anew from where it came: it may be gone there or need an account.",
    )(portion),
  "tracker-forbidden": trackers(
    ...MAY_NOT,
    "A local tracker is asked at the path /announce only: correct its address.",
  ),
  "tracker-answers-badly": trackers(...BADLY, AGAIN),
  "tracker-unknown-host": trackers(...LOST, NETWORK),
  "tracker-unreachable": trackers(...CUT, `It is down, or a firewall is between. ${AGAIN}`),
  "tracker-silent": trackers(...SILENT, `It is down or overloaded. ${AGAIN}`),
  "tracker-asked": trackers(...ASKED, "Wait a moment."),
  "tracker-unsupported": trackers(
    "cannot be asked",
    "cannot be asked",
    "Add a tracker with an http or udp address.",
  ),

  "webseed-wrong-data": webseeds(
    "sent wrong data and is asked no more",
    "sent wrong data and are asked no more",
    CHANGED,
  ),
  "webseed-missing": webseeds(...LACKS, CHANGED),
  "webseed-forbidden": webseeds(...KEEPS, WAIT),
  "webseed-wrong-size": webseeds(
    "has a file of another length",
    "have a file of another length",
    CHANGED,
  ),
  "webseed-refused": webseeds(...MAY_NOT, "Strangers may not send us to local addresses."),
  "webseed-answers-badly": webseeds(...BADLY, WAIT),
  "webseed-encoded": webseeds(
    "sends its files compressed only",
    "send their files compressed only",
    WAIT,
  ),
  "webseed-redirects": webseeds(...LEADS, WAIT),
  "webseed-no-ranges": webseeds("sends whole files only", "send whole files only", WAIT),
  "webseed-busy": webseeds(...LATER, AGAIN),
  "webseed-trouble": webseeds(...TROUBLE, AGAIN),
  "webseed-unknown-host": webseeds(...LOST, NETWORK),
  "webseed-unreachable": webseeds(...CUT, AGAIN),
  "webseed-silent": webseeds(...SILENT, AGAIN),
  "webseed-cut-short": webseeds("breaks the connection off", "break the connection off", AGAIN),
  "webseed-quiet": webseeds("sends nothing any more", "send nothing any more", AGAIN),
  "webseed-asked": webseeds(...ASKED, "Wait a moment."),

  "xs-other-torrent": sources(
    "has another torrent than the link names",
    "have other torrents than the link names",
    SOURCE,
  ),
  "xs-no-torrent": sources("has no torrent", "have no torrent", SOURCE),
  "xs-missing": sources(...LACKS, SOURCE),
  "xs-forbidden": sources(...KEEPS, SOURCE),
  "xs-refused": sources(
    ...MAY_NOT,
    "Links may not send us to local addresses: if you trust it, add its address instead.",
  ),
  "xs-too-large": sources(
    "sends more than a torrent file has",
    "send more than a torrent file has",
    SOURCE,
  ),
  "xs-answers-badly": sources(...BADLY, SOURCE),
  "xs-redirects": sources(...LEADS, SOURCE),
  "xs-busy": sources(...LATER, AGAIN),
  "xs-trouble": sources(...TROUBLE, AGAIN),
  "xs-unknown-host": sources(...LOST, NETWORK),
  "xs-unreachable": sources(...CUT, AGAIN),
  "xs-silent": sources(...SILENT, AGAIN),
  "xs-asked": sources(...ASKED, "Wait a moment."),
};
