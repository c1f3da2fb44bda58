/** What is said of trackers, web servers and the sources of links alike when they fail us. */
import type { Portion } from "./cause.ts";

/** How servers of a kind fail; `one` and `many` follow the subject, as in "the tracker t.example" and "3 trackers". */
export interface Words {
  readonly one: string;
  readonly many: string;
  readonly advice: string;
}

/** Characters of a server's name that are told. */
const MOST_HOST = 60;

/** What a sentence about those of `all` servers is made of. */
export function someOf(
  those: readonly { readonly url: string }[],
  all: number,
): Portion {
  const [first] = those;
  const name = all === 1 && first !== undefined ? hostOf(first.url) : null;
  return { count: those.length, total: all, name };
}

/** Those of `all` servers called `noun` that a sentence is about: one by its name when there is no other. */
export function subjectOf(
  those: readonly { readonly url: string }[],
  all: number,
  noun: "tracker" | "web server" | "exact source",
): string {
  const { length } = those;
  if (all === 1) return `the ${noun} ${hostOf(those[0]!.url)}`;
  if (length === all) return all === 2 ? `both ${noun}s` : `all ${all} ${noun}s`;
  return length === 1 ? `one of ${all} ${noun}s` : `${length} of ${all} ${noun}s`;
}

/** The network between us and a server, called `noun`, fails; `again`: what happens next. */
export function networkWords(
  noun: "tracker" | "server",
  again: string,
): Readonly<Record<"unknown-host" | "unreachable" | "silent", Words>> {
  return {
    "unknown-host": {
      one: "has no address that can be found",
      many: "have no address that can be found",
      advice: `check that the network and its name server work; if they do, the ${noun} is gone`,
    },
    "unreachable": {
      one: "cannot be reached",
      many: "cannot be reached",
      advice: `it is down, or a firewall is between: ${again}`,
    },
    "silent": {
      one: "does not answer in time",
      many: "do not answer in time",
      advice: `it is down or overloaded: ${again}`,
    },
  };
}

function hostOf(url: string): string {
  return (URL.parse(url)?.host ?? url).slice(0, MOST_HOST);
}
