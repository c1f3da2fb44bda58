/** What must be there of a manager's torrents, as somebody knows who saw every command that was answered. */
import { assert, assertEquals } from "@std/assert";
import type { TorrentView } from "../../src/manager/mod.ts";
import { hashOf, type LabTorrent, type World } from "./world.ts";

/** One torrent. */
export interface Expected {
  readonly torrent: LabTorrent;
  readonly id: number;
  readonly stopped: boolean;
  readonly location: string;
  /** Paths of its files below the location. */
  readonly paths: readonly string[];
  readonly labels: readonly string[];
  readonly downloadLimit: number;
  /** Bytes that were seen, and were saved. */
  readonly downloaded: number;
  readonly uploaded: number;
}

/** Everything. */
export interface Expectation {
  readonly torrents: ReadonlyMap<string, Expected>;
  /** Hashes in the order of the queue. */
  readonly order: readonly string[];
  /** Every file in the folder, by path, and what is in it: a torrent's name and a number of a file, or a stranger's text. */
  readonly files: ReadonlyMap<string, string>;
  readonly seeds: number;
  readonly alternative: boolean;
}

/** What a manager shows, in the words of an {@linkcode Expectation}. */
export async function observe(world: World): Promise<Expectation> {
  const views = await world.manager.torrents(null, ["files"]);
  const torrents = new Map<string, Expected>();
  for (const view of views) {
    torrents.set(view.hash, {
      torrent: null as never,
      id: view.id,
      stopped: isStopped(view),
      location: view.location,
      paths: view.files!.map(({ path }) => path),
      labels: view.settings.labels,
      downloadLimit: view.settings.downloadLimit,
      downloaded: view.downloaded,
      uploaded: view.uploaded,
    });
    assertEquals(view.trouble, { kind: "none" }, view.name);
  }
  const order = [...views].sort((a, b) => a.position - b.position);
  assertEquals(order.map(({ position }) => position), [...order.keys()]);
  const { settings } = await world.manager.session();
  const files = new Map<string, string>();
  for (const path of world.tree()) {
    if (path !== "link") files.set(path, Deno.readTextFileSync(`${world.folder}/${path}`));
  }
  return {
    torrents,
    order: order.map(({ hash }) => hash),
    files,
    seeds: settings.seedQueueSize,
    alternative: settings.altEnabled,
  };
}

/** Fails unless what is seen is as before a command that was cut short, as after it or on the way, torrent by torrent. */
export function compare(
  seen: Expectation,
  before: Expectation,
  after: Expectation,
  between: Expectation = after,
): void {
  for (const hash of new Set([...seen.torrents.keys(), ...before.torrents.keys()])) {
    const found = seen.torrents.get(hash);
    const either = [before, after, between].map(({ torrents }) => torrents.get(hash));
    const fits = either.some((expected) => {
      if (expected === undefined || found === undefined) return expected === found;
      return alike(found, expected);
    });
    assert(fits, `Expected ${show(either[0])} or ${show(either[1])}, got ${show(found)}`);
  }
  const there = (order: readonly string[]) => order.filter((hash) => seen.torrents.has(hash));
  const orders = [there(before.order), there(after.order)].map(String);
  // one that was just taken in, and that nobody was told of, may stand at the end
  const known = seen.order.filter((hash) => orders.some((order) => order.includes(hash)));
  assert(orders.includes(String(known)), `Expected the order ${orders}, got ${known}`);
  assert([before.seeds, after.seeds].includes(seen.seeds), `seeds ${seen.seeds}`);
  assert([before.alternative, after.alternative].includes(seen.alternative), "alternative");
}

/** Fails unless the files are those that were there before or after, none lost and none in a place that nobody named. */
export function compareFiles(seen: Expectation, before: Expectation, after: Expectation): void {
  const contents = (files: ReadonlyMap<string, string>) => [...files.values()].sort();
  const possible = [before.files, after.files];
  for (const [path, content] of seen.files) {
    const fits = possible.some((files) => files.get(path) === content);
    assert(fits, `Expected nothing, or something else, at ${path}`);
  }
  // what both have is there, wherever
  const missing = contents(before.files);
  for (const content of contents(seen.files)) remove(missing, content);
  const gone = contents(before.files);
  for (const content of contents(after.files)) remove(gone, content);
  for (const content of missing) {
    assert(gone.includes(content), `Lost a file with ${content.slice(0, 20)}…`);
  }
}

/** Fails unless a torrent that had all its files before and after has them where it says they are. */
export function compareWhole(seen: Expectation, before: Expectation, after: Expectation): void {
  for (const [hash, found] of seen.torrents) {
    const [one, other] = [before.torrents.get(hash), after.torrents.get(hash)];
    if (one === undefined || other === undefined) continue;
    if (!isWhole(one, before) || !isWhole(other, after)) continue;
    const { torrent } = one;
    const where = `${found.location}: ${found.paths}`;
    assert(isWhole({ ...found, torrent }, seen), `Lost ${torrent.name}, it is not in ${where}`);
  }
}

/** All files of a torrent are where they are to be. */
export function isWhole(expected: Expected, { files }: Expectation): boolean {
  return filesOf(expected).every(([path, content]) => files.get(path) === content);
}

function remove(list: string[], value: string): void {
  const at = list.indexOf(value);
  if (at >= 0) list.splice(at, 1);
}

function alike(found: Expected, expected: Expected): boolean {
  return (expected.id < 0 || found.id === expected.id) &&
    found.stopped === expected.stopped && found.location === expected.location &&
    String(found.paths) === String(expected.paths) &&
    String(found.labels) === String(expected.labels) &&
    found.downloadLimit === expected.downloadLimit &&
    found.downloaded >= expected.downloaded && found.uploaded >= expected.uploaded;
}

function show(expected: Expected | undefined): string {
  if (expected === undefined) return "no torrent";
  const { torrent: _, ...rest } = expected;
  return JSON.stringify(rest);
}

/** A torrent that is hashed is neither: what it does afterwards tells. */
function isStopped({ activity }: TorrentView): boolean {
  return activity === "stopped";
}

/** The files of a torrent where it has them. */
export function filesOf({ torrent, location, paths }: Expected): [string, string][] {
  const real = torrent.files.filter(({ pad }) => !pad);
  return paths.map((path, i) => {
    const full = location === "" ? path : `${location}/${path}`;
    return [full, new TextDecoder().decode(real[i]!.data)];
  });
}

/** The same torrents with one changed, or (null) without it. */
export function withTorrent(
  expectation: Expectation,
  hash: string,
  change: Partial<Expected> | null,
): Expectation {
  const torrents = new Map(expectation.torrents);
  const before = torrents.get(hash)!;
  if (change === null) torrents.delete(hash);
  else torrents.set(hash, { ...before, ...change });
  const order = expectation.order.filter((one) => torrents.has(one));
  return { ...expectation, torrents, order };
}

/** The same files but for some that go and some that come. */
export function withFiles(
  expectation: Expectation,
  gone: readonly [string, string][],
  come: readonly [string, string][],
): Expectation {
  const files = new Map(expectation.files);
  for (const [path] of gone) files.delete(path);
  for (const [path, content] of come) files.set(path, content);
  return { ...expectation, files };
}

export { hashOf };
