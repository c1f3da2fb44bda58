import { assert, assertEquals } from "@std/assert";
import { explain, headline } from "../../src/session/why/explain.ts";
import { answering, dht, facts, failing, metadata, type Over, source, tracker } from "./facts.ts";

/** What the facts are, and the causes in order. */
const CASES: readonly (readonly [what: string, over: Over, causes: string])[] = [
  ["nobody to ask", { metadata: metadata() }, "no-source"],
  ["no node answers", { metadata: metadata(), dht: dht(0) }, "dht-no-nodes"],
  [
    "the exact source has another torrent, and there is nobody else",
    { metadata: metadata(), sources: [source("other-torrent")] },
    "xs-other-torrent no-source",
  ],
  [
    "exact sources fail, most of them in one way, and one waits for its turn",
    {
      metadata: metadata(),
      dht: dht(9, 0),
      sources: [source("refused"), source("missing"), source("missing"), source(null)],
    },
    "xs-missing xs-refused dht-no-peers",
  ],
  [
    "an exact source is being asked beside a peer that is silent",
    {
      metadata: metadata({ offering: 1, silent: 1 }),
      sources: [source("asked")],
      tried: { connected: 1 },
      peers: { incoming: 1 },
    },
    "metadata-silent xs-asked",
  ],
  [
    "the one address refuses",
    { metadata: metadata(), tried: { known: 1, failed: { refused: 1 } } },
    "peers-refused no-incoming",
  ],
  [
    "the one peer has no metadata either",
    { metadata: metadata(), tried: { known: 1, connected: 1 } },
    "metadata-nowhere no-incoming",
  ],
  [
    "those that have it refuse, and one is silent",
    { metadata: metadata({ offering: 3, refusing: 2, silent: 1 }), tried: { connected: 3 } },
    "metadata-refused metadata-silent",
  ],
  [
    "only liars",
    { metadata: metadata({ wrong: 2 }), tried: { connected: 1 }, peers: { banned: 2 } },
    "metadata-wrong metadata-nowhere peers-banned",
  ],
  [
    "it comes slowly",
    { metadata: metadata({ offering: 1, held: 16_384, size: 99_999 }), tried: { connected: 1 } },
    "metadata-slow",
  ],
];

for (const [what, over, causes] of CASES) {
  Deno.test(`why metadata does not come: ${what}`, () => {
    const waiting = explain(facts(over));
    assertEquals([waiting.stage, waiting.text], ["metadata", "waiting for metadata"]);
    assertEquals(waiting.causes.map(({ cause }) => cause).join(" "), causes);
  });
}

Deno.test("why metadata does not come: sentences", () => {
  const line = (over: Parameters<typeof metadata>[0], connected: number) =>
    headline(explain(facts({ metadata: metadata(over), tried: { connected } })));
  assertEquals(
    line({}, 4),
    "waiting for metadata: none of the 4 peers connected has the metadata",
  );
  assertEquals(
    line({ offering: 1, silent: 1 }, 4),
    "waiting for metadata: the one peer that has it does not answer when asked for the metadata",
  );
  const failing = [source("no-torrent"), source("no-torrent", "t.example")];
  assertEquals(
    headline(explain(facts({ metadata: metadata(), sources: failing.slice(1) }))),
    "waiting for metadata: the exact source t.example has no torrent",
  );
  assertEquals(
    headline(explain(facts({ metadata: metadata(), sources: failing }))),
    "waiting for metadata: both exact sources have no torrent",
  );
  assertEquals(
    line({ offering: 4, refusing: 3 }, 4),
    "waiting for metadata: 3 of 4 peers that have it refuse to give the metadata now",
  );
});

Deno.test("why metadata does not come: there is always a cause", () => {
  const trackers = [[], [tracker("idle")], [tracker("asked")], [answering(0)], [answering(3)], [
    failing("silent"),
  ]];
  let count = 0;
  for (const connected of [0, 1, 3]) {
    for (const connecting of [0, 2]) {
      for (const known of [0, 5]) {
        for (const failed of [{}, { refused: 2 }]) {
          for (const network of [null, dht(0), dht(5), dht(5, 0), dht(5, 4)]) {
            for (const list of trackers) {
              for (const peers of [{}, { forbidden: 1 }, { filtered: 1 }]) {
                const over = { metadata: metadata(), dht: network, trackers: list, peers };
                const tried = { connected, connecting, known, failed };
                const { causes } = explain(facts({ ...over, tried }));
                assert(causes.length > 0, JSON.stringify({ ...over, tried }));
                count++;
              }
            }
          }
        }
      }
    }
  }
  assertEquals(count, 3 * 2 * 2 * 2 * 5 * 6 * 3);
});
