/** Which torrents an ID on the command line means: the one place that decides it. */
import { UsageError } from "../../base/mod.ts";
import type { RemoteManager, TorrentName, TorrentSummary } from "../../remote/mod.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { printable } from "../printable.ts";
import { parseFilterId } from "./filter.ts";

/** What an ID is, for help pages. */
export const ID_HELP =
  "An ID is a number of tm list, several such as 1-3,5, the beginning of an info\n" +
  "hash, a part of the name that only one has, is:STATE, label:NAME or all.";

/** Candidates of an ambiguous ID that are shown. */
const SHOWN = 10;
/** Characters of a hash that are enough to be taken for one, and how many when they are all figures. */
const [LEAST_HASH, LEAST_DIGITS] = [4, 8];

/** The torrents meant by `given`, each once, in the order given. Throws {@linkcode CommandError}, `UsageError`. */
export async function selectTorrents(
  manager: RemoteManager,
  given: readonly string[],
): Promise<TorrentName[]> {
  if (given.length === 0) throw new UsageError("Expected an ID (tm list shows them), got nothing");
  const filters = given.map(parseFilterId);
  if (filters.every((filter) => filter === null)) return choose(await manager.names(), given);
  return chooseSummaries(await manager.summaries(), given);
}

/** The one torrent meant by `given`. */
export async function selectOne(manager: RemoteManager, given: string): Promise<TorrentName> {
  const found = await selectTorrents(manager, [given]);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new UsageError(candidates(`Expected one torrent, got ${found.length}:`, found));
}

/** Like {@linkcode selectTorrents}, from a list that is here, in which an ID can be a filter too. */
export function chooseSummaries(
  torrents: readonly TorrentSummary[],
  given: readonly string[],
): TorrentSummary[] {
  const found = new Set<TorrentSummary>();
  for (const each of given) {
    const filter = parseFilterId(each);
    const meant = filter === null ? chooseOne(torrents, each) : torrents.filter(filter);
    for (const torrent of meant) found.add(torrent);
  }
  return [...found];
}

/** The torrents meant by IDs that are no filters. */
export function choose<T extends TorrentName>(
  torrents: readonly T[],
  given: readonly string[],
): T[] {
  return [...new Set(given.flatMap((each) => chooseOne(torrents, each)))];
}

function chooseOne<T extends TorrentName>(torrents: readonly T[], given: string): readonly T[] {
  if (given === "all") return torrents;
  const isNumber = /^\d+$/.test(given);
  if (isNumber || /^\d{1,15}([-,]\d{1,15})*$/.test(given)) {
    const numbered = byNumbers(torrents, given);
    if (numbered !== null) return numbered;
  }
  const word = given.toLowerCase();
  const exact = torrents.filter(({ hash, name }) => hash === word || name === given);
  if (exact.length === 1) return exact;
  const isHash = word.length >= (isNumber ? LEAST_DIGITS : LEAST_HASH) && /^[0-9a-f]+$/.test(word);
  // a number that is nobody's must not remove whatever has such a figure in its name
  const like = torrents.filter(({ hash, name }) =>
    isHash && hash.startsWith(word) ||
    !isNumber && word !== "" && name.toLowerCase().includes(word)
  );
  if (like.length === 1) return like;
  if (like.length === 0) {
    throw new CommandError(ExitCode.notFound, `No torrent ${given}; tm list shows all`);
  }
  throw new UsageError(candidates(`${given} can be ${like.length} torrents:`, like));
}

/** By `3` or `1-3,5`; null when a single number is nobody's, and so may be the start of a hash or a whole name. */
function byNumbers<T extends TorrentName>(torrents: readonly T[], given: string): T[] | null {
  const found: T[] = [];
  for (const part of given.split(",")) {
    const [from = 0, to = from, more] = part.split("-").map(Number);
    if (more !== undefined || to < from) {
      throw new UsageError(`Expected IDs such as 1-3,5, got ${given}`);
    }
    const meant = torrents.filter(({ id }) => id >= from && id <= to);
    if (meant.length === 0) {
      if (part === given && !part.includes("-")) return null;
      throw new CommandError(ExitCode.notFound, `No torrent ${part}; tm list shows all`);
    }
    found.push(...meant);
  }
  return found;
}

function candidates(title: string, torrents: readonly TorrentName[]): string {
  const lines = torrents.slice(0, SHOWN).map(({ id, name, hash }) =>
    `  ${String(id).padStart(4)}  ${hash.slice(0, 8)}  ${printable(name).slice(0, 60)}`
  );
  const more = torrents.length - SHOWN;
  return [title, ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join("\n");
}
