import { type Downloader, DOWNLOADERS } from "./downloader.ts";

/** What a run of the bench does. */
export interface Scenario {
  readonly name: string;
  /** One line for the report. */
  readonly description: string;
  readonly payloadBytes: number;
  /** A power of two. */
  readonly pieceLength: number;
  /** Who seeds; one process on loopback. */
  readonly seeder: "libtorrent";
  /** One after the other in each round; the order turns by one from round to round. */
  readonly downloaders: readonly Downloader[];
  readonly rounds: number;
}

const MIB = 1024 * 1024;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "loopback",
    description: "1 GiB, pieces of 1 MiB, one libtorrent seeder on loopback",
    payloadBytes: 1024 * MIB,
    pieceLength: MIB,
    seeder: "libtorrent",
    downloaders: DOWNLOADERS,
    rounds: 5,
  },
];

/** A scenario small enough to try a change with; its figures are not to be quoted. */
export function quick(scenario: Scenario): Scenario {
  return {
    ...scenario,
    name: `${scenario.name}-quick`,
    description: `${scenario.description} (quick: an eighth of it, two rounds)`,
    payloadBytes: scenario.payloadBytes / 8,
    rounds: 2,
  };
}
