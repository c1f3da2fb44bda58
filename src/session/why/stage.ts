import type { WaitFacts } from "./facts.ts";
import type { Stage } from "./waiting.ts";
import { webServed } from "./webseed_causes.ts";

/** A stage as it is told. */
export const STAGE_TEXT: Readonly<Record<Stage, string>> = {
  metadata: "waiting for metadata",
  checking: "checking what is on disk",
  peers: "waiting for peers",
  unchoke: "waiting to be served",
  data: "waiting for data",
  disk: "waiting for the disk",
  reader: "waiting for the reader",
};

/** What a download waits for: the last stage it has reached. */
export function stageOf(facts: WaitFacts): Stage {
  const { running, metadata, reader, pieces, disk, own, tried } = facts;
  if (metadata !== null) return "metadata";
  if (!running) return "checking";
  // one that is only busy lets us ask for more, as long as there is more
  if (reader === "behind" || (reader === "busy" && pieces.missing === 0)) return "reader";
  if (disk.full || disk.pending > 0) return "disk";
  // links that a limit keeps from reading have something to read
  if (own.limited) return "data";
  if (webServed(facts)) return "data";
  if (tried.connected === 0) return "peers";
  return tried.useful > 0 && tried.unchoked === 0 ? "unchoke" : "data";
}
