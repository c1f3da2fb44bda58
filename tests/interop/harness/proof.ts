/** What shows that a transfer was one. */
import type { ClientKind } from "../clients/client.ts";
import { difference, type Payload, readManifest } from "./payload.ts";
import type { Torrent } from "./torrent.ts";
import type { Tracker } from "./tracker.ts";
import { until } from "./until.ts";

/** Seconds for a client to hash what it seeds and for a tracker to hear of it. */
export const READY_SECONDS = 40;

/** Waits until the tracker counts a seeder: only then is it certain that a downloader is told. */
export async function announced(
  tracker: Tracker,
  torrent: Torrent,
  check: () => void,
  report: () => string | Promise<string>,
): Promise<void> {
  await until(`${tracker.name} to count a seeder of ${torrent.name}`, READY_SECONDS, async () => {
    check();
    return await tracker.seeders(torrent.infoHash) > 0;
  }, report);
}

/** Compares every file; `writer` is the client that wrote them, unless it was tm. */
export async function compare(
  payload: Payload,
  folder: string,
  writer?: ClientKind,
): Promise<void> {
  const actual = await readManifest(folder, writer?.ownFiles);
  const wrong = difference(payload.manifest, actual, writer?.skipsEmptyFiles === true);
  if (wrong !== null) throw new Error(`Expected ${folder} to be the payload: ${wrong}`);
}
