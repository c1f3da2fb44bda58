import { assert, assertEquals, assertMatch } from "@std/assert";
import { SeededRandom } from "../../src/base/mod.ts";
import { explain, headline } from "../../src/session/why/explain.ts";
import type { TrackerFacts } from "../../src/session/why/facts.ts";
import type { Stage } from "../../src/session/why/waiting.ts";
import {
  answering,
  dht,
  facts,
  failing,
  type Over,
  tracker,
  UNSUPPORTED,
  webseed,
} from "./facts.ts";

const KINDS = ["no-socket", "proxy", "unreachable", "silent", "refused", "hung-up", "no-handshake"]
  .concat(["nonsense", "other-torrent", "unwanted", "left", "other"]);
const NO_METADATA = { offering: 0, refusing: 0, silent: 0, held: 0, size: 0, wrong: 0 };
const LAST = { peer: "1.2.3.4:5", reason: "Connection refused" };

/** What the facts are, what the stage must be, and the causes in order. */
const CASES: readonly (readonly [what: string, over: Over, stage: Stage, causes: string])[] = [
  ["files are being opened", { running: false }, "checking", "check-slow"],
  ["nobody to ask", {}, "peers", "no-source"],
  ["no tracker, and no node answers", { dht: dht(0) }, "peers", "dht-no-nodes"],
  ["no tracker, the DHT is asked", { dht: dht(9) }, "peers", "dht-asked"],
  ["nobody in the DHT", { dht: dht(9, 0) }, "peers", "dht-no-peers"],
  ["nobody but us in the DHT", { dht: dht(9, 1) }, "peers", "dht-no-peers"],
  [
    "metadata, and nobody but us in the DHT",
    { metadata: NO_METADATA, dht: dht(9, 1) },
    "metadata",
    "dht-no-peers",
  ],
  [
    "metadata, and a filter keeps away whom the DHT knows",
    { metadata: NO_METADATA, dht: dht(9, 2), peers: { filtered: 2 } },
    "metadata",
    "ip-filter dht-no-peers",
  ],
  [
    "peers of the DHT refuse",
    { dht: dht(9, 2), tried: { known: 2, failed: { refused: 2 } } },
    "peers",
    "peers-refused no-incoming",
  ],
  [
    "private addresses of a stranger's node",
    { dht: dht(9, 2), peers: { forbidden: 2 } },
    "peers",
    "private-addresses dht-no-peers",
  ],
  [
    "the tracker fails and no node answers",
    { trackers: [failing("unreachable")], dht: dht(0) },
    "peers",
    "tracker-unreachable dht-no-nodes",
  ],
  ["the tracker was not asked yet", { trackers: [tracker("idle")] }, "peers", "tracker-asked"],
  ["the tracker is silent", { trackers: [tracker("asked")] }, "peers", "tracker-asked"],
  ["the tracker fails", { trackers: [failing("unreachable")] }, "peers", "tracker-unreachable"],
  [
    "the tracker knows nobody",
    { trackers: [answering(0)] },
    "peers",
    "no-peers no-incoming",
  ],
  [
    "the tracker knows nobody, counts no seed, another fails, and nobody can come to us",
    { trackers: [answering(0, 0), failing("silent")], own: { port: null } },
    "peers",
    "no-peers tracker-silent no-seeders not-listening",
  ],
  [
    "a refusal is told before what more trackers say",
    { trackers: [failing("silent"), failing("silent"), failing("refuses"), UNSUPPORTED] },
    "peers",
    "tracker-refuses tracker-silent tracker-unsupported",
  ],
  [
    "trackers further down the list are no failure",
    { trackers: [failing("answers-badly"), tracker("idle")] },
    "peers",
    "tracker-answers-badly",
  ],
  [
    "no name is found: perhaps we are offline",
    { trackers: [failing("unknown-host"), failing("unknown-host")] },
    "peers",
    "offline tracker-unknown-host",
  ],
  [
    "one name is not found: rather the tracker is gone",
    { trackers: [failing("unknown-host")] },
    "peers",
    "tracker-unknown-host",
  ],
  [
    "one name is not found, another tracker refuses the connection: we are online",
    { trackers: [failing("unknown-host"), failing("unreachable")] },
    "peers",
    "tracker-unknown-host tracker-unreachable",
  ],
  [
    "all addresses are out of reach: perhaps we are offline",
    { tried: { known: 9, failed: { unreachable: 9 } } },
    "peers",
    "offline peers-unreachable no-incoming",
  ],
  [
    "private addresses of a stranger",
    { trackers: [answering(3)], peers: { forbidden: 3 } },
    "peers",
    "private-addresses no-incoming",
  ],
  [
    "the user's own list keeps all away",
    { trackers: [answering(3)], peers: { filtered: 3 } },
    "peers",
    "ip-filter no-incoming",
  ],
  [
    "some are private, others on the user's list",
    { trackers: [answering(3)], peers: { forbidden: 1, filtered: 1 } },
    "peers",
    "private-addresses ip-filter no-incoming",
  ],
  [
    "the first connections are being made",
    { trackers: [answering(3)], tried: { known: 3, connecting: 3 } },
    "peers",
    "connecting no-incoming",
  ],
  [
    "the most frequent failure of dials comes first",
    {
      trackers: [answering(9)],
      tried: { known: 9, failed: { "refused": 2, "silent": 5, "hung-up": 1 } },
    },
    "peers",
    "peers-silent peers-refused peers-hung-up no-incoming",
  ],
  [
    "our own lack of sockets comes before all failures of others",
    { tried: { known: 9, failed: { "refused": 5, "no-socket": 1 } } },
    "peers",
    "peers-no-socket peers-refused no-incoming",
  ],
  [
    "other torrents took all connections",
    { tried: { known: 9 }, own: { crowded: true } },
    "peers",
    "places-taken peers-gone no-incoming",
  ],
  [
    "those that were connected left",
    { trackers: [answering(1)], tried: { known: 1, next: 4 } },
    "peers",
    "peers-gone no-incoming",
  ],
  [
    "the only peer lied",
    { trackers: [answering(1)], peers: { banned: 1 } },
    "peers",
    "peers-banned no-peers no-incoming",
  ],
  [
    "no more than five are told",
    {
      trackers: [failing("refuses"), failing("silent"), failing("answers-badly")],
      tried: { known: 9, failed: { "refused": 3, "silent": 2, "left": 1, "other": 1 } },
    },
    "peers",
    "peers-refused peers-silent peers-left peers-other tracker-refuses",
  ],
  [
    "all choke us and know us",
    { tried: { connected: 3, useful: 3 }, peers: { incoming: 1 } },
    "unchoke",
    "choked",
  ],
  [
    "all choke us, and there is much that does not invite them",
    {
      tried: { connected: 3, useful: 2 },
      own: { uploadLimit: 1000, port: null },
      pieces: { missing: 100, nowhere: 7 },
    },
    "unchoke",
    "choked upload-limit nothing-to-give not-listening pieces-missing",
  ],
  [
    "an upload limit that is not low is no reason",
    { tried: { connected: 1, useful: 1 }, own: { uploadLimit: 1_000_000 } },
    "unchoke",
    "choked no-incoming",
  ],
  [
    "they have nothing",
    { tried: { connected: 2 }, pieces: { missing: 40, nowhere: 40 }, peers: { incoming: 1 } },
    "data",
    "pieces-missing",
  ],
  [
    "they have nothing, and there is no seed",
    {
      trackers: [answering(2, 0)],
      tried: { connected: 2 },
      pieces: { missing: 40, nowhere: 40 },
      peers: { incoming: 1 },
    },
    "data",
    "pieces-missing no-seeders",
  ],
  [
    "one lets us ask and sends nothing, two choke us",
    {
      tried: { connected: 3, useful: 3, unchoked: 1 },
      peers: { incoming: 1, snubbing: 1 },
    },
    "data",
    "snubbed choked",
  ],
  [
    "the download limit is the bound",
    {
      tried: { connected: 1, useful: 1, unchoked: 1 },
      own: { limited: true, downloadLimit: 1000 },
      peers: { incoming: 1 },
    },
    "data",
    "download-limit snubbed",
  ],
  [
    "the disk is slow, whatever peers do",
    { disk: { pending: 5_000_000 }, tried: { connected: 1, useful: 1 } },
    "disk",
    "disk-slow",
  ],
  [
    "the reader of a stream is so far behind that nothing is asked",
    { reader: "behind", disk: { pending: 16_384 }, tried: { connected: 1, useful: 1 } },
    "reader",
    "reader-slow",
  ],
  [
    "everything is here but for the reader",
    { reader: "busy", pieces: { missing: 0 } },
    "reader",
    "reader-slow",
  ],
  [
    "the web server has nothing, and there is nobody else",
    { webseeds: [webseed("missing")] },
    "peers",
    "webseed-missing no-source",
  ],
  [
    "web servers fail each in its way",
    { webseeds: [webseed("busy"), webseed("wrong-data"), webseed("busy")], own: { port: null } },
    "peers",
    "webseed-busy webseed-wrong-data no-source",
  ],
  [
    "the web server has not answered yet, and the one peer serves others",
    { webseeds: [webseed("asked")], tried: { connected: 1, useful: 1 }, peers: { incoming: 1 } },
    "data",
    "webseed-asked choked",
  ],
  [
    "the web server fell silent",
    { webseeds: [webseed("quiet")] },
    "data",
    "webseed-quiet no-incoming",
  ],
  [
    "the web server has nothing left that is wanted",
    { webseeds: [webseed(null)] },
    "peers",
    "no-source",
  ],
  ["a reader that is only busy is no reason", { reader: "busy" }, "peers", "no-source"],
  ["the disk is busy with other torrents", { disk: { full: true } }, "disk", "disk-slow"],
];

for (const [what, over, stage, causes] of CASES) {
  Deno.test(`why: ${what}`, () => {
    const waiting = explain(facts(over));
    assertEquals(waiting.stage, stage);
    assertEquals(waiting.causes.map(({ cause }) => cause).join(" "), causes);
  });
}

Deno.test("why: a line says the stage and the first cause", () => {
  const line = (over: Over) => headline(explain(facts(over)));
  assertEquals(line({}), "waiting for peers: the torrent names no tracker and no peer was given");
  assertEquals(
    line({ trackers: [answering(0)] }),
    "waiting for peers: the tracker answers, but knows no other peers",
  );
  assertEquals(
    line({ trackers: [answering(0), failing("silent"), answering(0)] }),
    "waiting for peers: 2 of 3 trackers answer, but know no other peers",
  );
  assertEquals(
    line({ trackers: [failing("refuses", "The tracker refused: unregistered torrent")] }),
    "waiting for peers: the tracker t.example refuses this torrent: unregistered torrent",
  );
  assertEquals(
    line({ trackers: [failing("unreachable", "Connection refused (t.example:80)")] }),
    "waiting for peers: the tracker t.example cannot be reached: Connection refused",
  );
  assertEquals(
    line({ trackers: [failing("answers-badly", "The tracker answered with HTTP status 503")] }),
    "waiting for peers: the tracker t.example gives no proper answer: HTTP status 503",
  );
  assertEquals(
    line({ webseeds: [webseed("unreachable")] }),
    "waiting for peers: the web server w.example cannot be reached",
  );
  assertEquals(
    line({ webseeds: [webseed("busy"), webseed("missing"), webseed("busy")] }),
    "waiting for peers: 2 of 3 web servers ask us to come later",
  );
  assertEquals(
    line({ trackers: [failing("silent"), failing("silent")] }),
    "waiting for peers: both trackers do not answer in time",
  );
  assertEquals(
    line({ tried: { known: 1, failed: { refused: 1 } }, peers: { lastFailure: LAST } }),
    "waiting for peers: peer 1.2.3.4:5 refuses the connection",
  );
  assertEquals(
    line({ tried: { known: 4, failed: { refused: 1, silent: 3 } }, peers: { lastFailure: LAST } }),
    "waiting for peers: 3 of 4 peers tried do not answer",
  );
  assertEquals(
    line({ tried: { known: 3, failed: { "hung-up": 3 } } }),
    "waiting for peers: all 3 peers tried close the connection right after our handshake",
  );
  assertEquals(
    line({ tried: { connected: 1, useful: 1 } }),
    "waiting to be served: the one peer connected serves only others now (choked)",
  );
  assertEquals(
    line({ tried: { connected: 4, useful: 3 } }),
    "waiting to be served: all 3 peers that have something for us serve only others now (choked)",
  );
  assertEquals(
    line({ tried: { connected: 1 }, pieces: { missing: 1, nowhere: 1 } }),
    "waiting for data: the one peer connected has not the one missing piece",
  );
  assertEquals(
    line({ tried: { connected: 2 }, pieces: { missing: 31, nowhere: 31 } }),
    "waiting for data: the 2 peers connected have none of the 31 missing pieces",
  );
  assertEquals(
    line({ tried: { connected: 1, useful: 1, unchoked: 1 }, peers: { snubbing: 1 } }),
    "waiting for data: the peer that lets us ask sends nothing (snubbed)",
  );
  assertEquals(
    line({ own: { limited: true, downloadLimit: 2048 }, tried: { connected: 1 } }),
    "waiting for data: the download limit of 2 KiB/s is reached, as it should be",
  );
  assertEquals(
    line({ disk: { pending: 5 * 2 ** 20 } }),
    "waiting for the disk: 5 MiB wait to be written",
  );
});

Deno.test("why: what nobody has is told in pieces and percent", () => {
  const { causes } = explain(facts({
    tried: { connected: 2, useful: 1, unchoked: 1 },
    pieces: { total: 200, missing: 40, nowhere: 10 },
  }));
  assertEquals(
    causes[1]!.text,
    "nobody connected has 10 of the 40 missing pieces (5% of all)",
  );
});

Deno.test("why: whatever the facts, there are one to five causes, none twice, each with advice, and the same again", () => {
  const faults = [
    null,
    "refuses",
    "answers-badly",
    "unknown-host",
    "unreachable",
    "silent",
  ] as const;
  for (let seed = 0; seed < 3000; seed++) {
    const random = new SeededRandom(seed);
    const some = (most: number) => random.below(2) === 0 ? 0 : random.below(most + 1);
    const coin = () => random.below(2) === 0;
    const trackers: TrackerFacts[] = [];
    for (let i = some(4); i > 0; i--) {
      const fault = faults[random.below(faults.length)]!;
      const all = [answering(some(9), some(2)), tracker("idle"), tracker("asked"), UNSUPPORTED];
      trackers.push(fault === null ? all[random.below(4)]! : failing(fault));
    }
    const failed = Object.fromEntries(
      KINDS.filter(() => random.below(5) === 0).map((fault) => [fault, 1 + random.below(9)]),
    );
    const connected = some(9);
    const useful = random.below(connected + 1);
    const unchoked = random.below(useful + 1);
    const missing = 1 + random.below(100);
    const nowhere = useful === 0 ? missing : random.below(missing);
    const over: Over = {
      running: random.below(9) > 0,
      metadata: coin() ? NO_METADATA : null,
      dht: coin() ? null : dht(some(9), coin() ? null : some(2)),
      trackers,
      tried: {
        known: some(9),
        connecting: some(3),
        failed,
        next: null,
        connected,
        useful,
        unchoked,
      },
      peers: {
        lastFailure: coin() ? LAST : null,
        banned: some(2),
        forbidden: some(2),
        filtered: some(2),
        incoming: random.below(connected + 1),
        snubbing: random.below(unchoked + 1),
      },
      pieces: { total: 100, missing, nowhere },
      disk: { pending: random.below(9) === 0 ? 16_384 : 0, full: random.below(9) === 0 },
      own: {
        port: coin() ? 6881 : null,
        limited: random.below(9) === 0,
        downloadLimit: 1,
        uploadLimit: some(1),
        crowded: coin(),
      },
    };
    const waiting = explain(facts(over));
    const { causes } = waiting;
    const codes = causes.map(({ cause }) => cause);
    assert(codes.length >= 1 && codes.length <= 5, `seed ${seed}: ${codes}`);
    assertEquals(new Set(codes).size, codes.length, `seed ${seed}: ${codes}`);
    for (const { text, advice } of causes) {
      assertMatch(text, /^\S.*[^.\s]$/, `seed ${seed}`);
      assertMatch(advice, /^\S.*[^.\s]$/, `seed ${seed}`);
    }
    assertEquals(explain(facts(over)), waiting, `seed ${seed}`);
  }
});
