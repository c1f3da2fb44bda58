/** Causes of metadata that does not come, among the peers that are connected. */
import type { WaitFacts } from "./facts.ts";
import type { Cause } from "./cause.ts";

/** Why connected peers have not given it. */
export function metadataCauses({ metadata, tried: { connected } }: WaitFacts): Cause[] {
  if (metadata === null || connected === 0) return [];
  const { offering, refusing, silent, held, size, wrong } = metadata;
  const causes: Cause[] = [];
  if (wrong > 0) {
    causes.push({
      cause: "metadata-wrong",
      values: { count: wrong },
      text: `what came ${wrong === 1 ? "once" : `${wrong} times`} was not what the link names`,
      advice: "wait: those who send it are sent away, and others are asked",
    });
  }
  if (offering === 0) {
    causes.push({
      cause: "metadata-nowhere",
      values: { connected },
      text: connected === 1
        ? "the one peer connected has no metadata either"
        : `none of the ${connected} peers connected has the metadata`,
      advice: "wait for a peer that has: a seed, or whoever has begun to download",
    });
  } else if (refusing > 0) {
    causes.push({
      cause: "metadata-refused",
      values: { count: refusing, total: offering },
      text: `${of(refusing, offering, "refuses", "refuse")} to give the metadata now`,
      advice: "wait: they are asked again, and others as they come",
    });
  }
  if (silent > 0) {
    causes.push({
      cause: "metadata-silent",
      values: { count: silent, total: offering },
      text: `${of(silent, offering, "does", "do")} not answer when asked for the metadata`,
      advice: "wait: they are asked again, and others as they come",
    });
  }
  if (causes.length === 0) {
    causes.push({
      cause: "metadata-slow",
      values: { bytes: held, totalBytes: size === 0 ? null : size },
      text: size === 0
        ? "peers have just been asked for the metadata"
        : `${held} of ${size} bytes of metadata are here, and more come slowly`,
      advice: "wait: every peer that has it is asked",
    });
  }
  return causes;
}

function of(count: number, total: number, one: string, many: string): string {
  if (total === 1) return `the one peer that has it ${one}`;
  return `${count} of ${total} peers that have it ${count === 1 ? one : many}`;
}
