import type { Cause } from "./cause.ts";
import { dialCauses, failures } from "./dial_causes.ts";
import { dhtCauses } from "./dht_causes.ts";
import { exactSourceCauses } from "./exact_source_causes.ts";
import type { WaitFacts } from "./facts.ts";
import { metadataCauses } from "./metadata_causes.ts";
import {
  checkingCauses,
  crowdedCauses,
  diskCauses,
  downloadLimitCauses,
  incomingCauses,
  readerCauses,
  uploadCauses,
} from "./own_causes.ts";
import { STAGE_TEXT, stageOf } from "./stage.ts";
import {
  bannedCauses,
  chokedCauses,
  connectingCauses,
  filteredCauses,
  goneCauses,
  missingCauses,
  noPeersCauses,
  noSeedersCauses,
  nothingToGiveCauses,
  offlineCauses,
  snubbedCauses,
} from "./swarm_causes.ts";
import { answering, trackerCauses } from "./tracker_causes.ts";
import type { Stage, Waiting } from "./waiting.ts";
import { webseedCauses } from "./webseed_causes.ts";

/** Causes that are told. */
const MOST_CAUSES = 5;

/** Causes that fit the facts; a rule that does not apply gives none. */
type Rule = (facts: WaitFacts) => readonly Cause[];

/** The causes of each stage, the likeliest first: the order is the ranking. */
const RULES: Readonly<Record<Stage, readonly Rule[]>> = {
  metadata: [
    offlineCauses,
    connectingCauses,
    crowdedCauses,
    metadataCauses,
    dialCauses,
    bannedCauses,
    exactSourceCauses,
    noPeersCauses,
    filteredCauses,
    goneCauses,
    trackerCauses,
    dhtCauses,
    incomingIfKnown,
  ],
  checking: [checkingCauses],
  peers: [
    offlineCauses,
    connectingCauses,
    crowdedCauses,
    dialCauses,
    bannedCauses,
    webseedCauses,
    noPeersCauses,
    filteredCauses,
    goneCauses,
    trackerCauses,
    dhtCauses,
    noSeedersCauses,
    incomingIfKnown,
  ],
  unchoke: [
    chokedCauses,
    webseedCauses,
    uploadCauses,
    nothingToGiveCauses,
    incomingCauses,
    missingCauses,
    dialCauses,
    noSeedersCauses,
  ],
  data: [
    downloadLimitCauses,
    snubbedCauses,
    webseedCauses,
    missingCauses,
    chokedCauses,
    noSeedersCauses,
    bannedCauses,
    dialCauses,
    trackerCauses,
    incomingCauses,
  ],
  disk: [diskCauses],
  reader: [readerCauses],
};

/** Why a download waits: the same facts give the same answer. */
export function explain(facts: WaitFacts): Waiting {
  const stage = stageOf(facts);
  const { seconds, tried } = facts;
  return {
    stage,
    text: STAGE_TEXT[stage],
    seconds,
    tried,
    trackers: facts.trackers.map(({ fault: _, ...note }) => note),
    dht: facts.dht,
    webseeds: facts.webseeds.map(({ failure: _, ...note }) => note),
    sources: facts.sources.map(({ failure: _, ...note }) => note),
    causes: RULES[stage].flatMap((rule) => rule(facts)).slice(0, MOST_CAUSES),
  };
}

/** Who is known to nobody cannot be connected to either. */
function incomingIfKnown(facts: WaitFacts): readonly Cause[] {
  const { tried: { known, failed }, trackers } = facts;
  const isKnown = answering(trackers).length > 0 || known + failures(failed) > 0;
  return isKnown ? incomingCauses(facts) : [];
}

/** The first cause in a sentence: `waiting for peers: the tracker …`. */
export function headline({ text, causes }: Waiting): string {
  return `${text}: ${causes[0]!.text}`;
}
