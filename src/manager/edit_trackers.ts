import { refused } from "./complaint.ts";
import type { TorrentPatch } from "./settings.ts";

type Tiers = readonly (readonly string[])[];

const MOST_TRACKERS = 100;
const MOST_LENGTH = 2048;

/** Tiers after the changes of a patch; null: it changes none. Trackers are numbered in the order of their tiers. Throws `UsageError`. */
export function editTrackers(tiers: Tiers, patch: TorrentPatch): Tiers | null {
  const { trackers, addTrackers = [], removeTrackers = [], replaceTrackers = [] } = patch;
  const none = addTrackers.length + removeTrackers.length + replaceTrackers.length === 0;
  if (trackers === undefined && none) return null;
  let number = 0;
  const count = tiers.flat().length;
  for (const id of [...removeTrackers, ...replaceTrackers.map(({ id }) => id)]) {
    if (!(id >= 0 && id < count)) {
      throw refused({ code: "no-tracker", values: {} }, `There is no tracker ${id}`);
    }
  }
  const replaced = new Map(replaceTrackers.map(({ id, url }) => [id, url]));
  const removed = new Set(removeTrackers);
  const edited = tiers.map((tier) =>
    tier.flatMap((url) => {
      const id = number++;
      return removed.has(id) ? [] : [replaced.get(id) ?? url];
    })
  );
  const known = new Set((trackers ?? edited).flat());
  const added = [...new Set(addTrackers)].filter((url) => !known.has(url)).map((url) => [url]);
  const out = [...(trackers ?? edited), ...added].filter((tier) => tier.length > 0);
  if (out.flat().length > MOST_TRACKERS) {
    const values = { count: MOST_TRACKERS };
    const message = `Expected at most ${MOST_TRACKERS} trackers`;
    throw refused({ code: "too-many-trackers", values }, message);
  }
  for (const url of out.flat()) check(url);
  return out;
}

function check(url: string): void {
  const parsed = url.length <= MOST_LENGTH ? URL.parse(url) : null;
  if (parsed !== null && /^(https?|udp):$/.test(parsed.protocol) && parsed.hostname !== "") return;
  const name = url.slice(0, 200);
  const message = `Expected a tracker's URL (http, https or udp), got ${name}`;
  throw refused({ code: "tracker-url", values: { name } }, message);
}
