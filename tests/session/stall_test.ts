import { assertEquals } from "@std/assert";
import { explainStall, type StallFacts } from "../../src/session/stall.ts";
import type { TrackerStatus } from "../../src/tracker/mod.ts";

function why(over: Partial<StallFacts>): string {
  return explainStall({
    trackers: [],
    known: 0,
    connected: 0,
    choking: 0,
    useful: 0,
    lastFailure: null,
    ...over,
  });
}

const tracker = (state: object) =>
  ({ url: "http://t.example/announce", state }) as unknown as TrackerStatus;
const failed = tracker({ phase: "failed", message: "Connection refused" });

Deno.test("peers that are there and give nothing are told apart", () => {
  assertEquals(why({ connected: 1 }), "the one peer connected has no piece that is still missing");
  assertEquals(why({ connected: 3 }), "the 3 peers connected have no piece that is still missing");
  assertEquals(
    why({ connected: 2, useful: 1, choking: 2 }),
    "the 2 peers connected will not serve us now (choked)",
  );
  assertEquals(why({ connected: 2, useful: 2, choking: 1 }), "the 2 peers connected send nothing");
});

Deno.test("peers that cannot be reached are named with the last reason", () => {
  assertEquals(
    why({ known: 5, lastFailure: "1.2.3.4:5: Connection refused" }),
    "no connection with any of the 5 known peers lasts (1.2.3.4:5: Connection refused)",
  );
});

Deno.test("without peers the trackers are the reason", () => {
  assertEquals(why({}), "the torrent names no tracker and no peer was given (--peer HOST:PORT)");
  assertEquals(
    why({ trackers: [failed] }),
    "no tracker answers: http://t.example/announce (Connection refused)",
  );
  assertEquals(
    why({ trackers: [tracker({ phase: "unsupported" }), failed] }),
    "no tracker answers: http://t.example/announce and 1 more (Connection refused)",
  );
  assertEquals(
    why({ trackers: [tracker({ phase: "ok" }), failed] }),
    "the tracker knows no other peers",
  );
});
