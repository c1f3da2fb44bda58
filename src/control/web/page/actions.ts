/** What can be done with torrents that are chosen. */
import { isolated } from "./format.ts";
import type { Tools } from "./tools.ts";

/** Something that is done at once, without a question. */
export type Act =
  | "resume"
  | "resumeNow"
  | "pause"
  | "verify"
  | "reannounce"
  | "queueTop"
  | "queueUp"
  | "queueDown"
  | "queueBottom";

const METHODS: Readonly<Record<Act, string>> = {
  resume: "torrent-start",
  resumeNow: "torrent-start-now",
  pause: "torrent-stop",
  verify: "torrent-verify",
  reannounce: "torrent-reannounce",
  queueTop: "queue-move-top",
  queueUp: "queue-move-up",
  queueDown: "queue-move-down",
  queueBottom: "queue-move-bottom",
};

/** Those that are seldom wanted, in the order of the menu. */
export const SELDOM: readonly Act[] = [
  "resumeNow",
  "verify",
  "reannounce",
  "queueTop",
  "queueUp",
  "queueDown",
  "queueBottom",
];

/** Does it to the torrents of these numbers. */
export async function act(
  { rpc, attempt }: Tools,
  what: Act,
  ids: readonly number[],
): Promise<void> {
  if (ids.length > 0) await attempt(rpc.call(METHODS[what], { ids }));
}

/** Copies the magnet link of a torrent. */
export async function copyMagnet(tools: Tools, id: number): Promise<void> {
  const { rpc, attempt, notices, words } = tools;
  const found = await attempt(
    rpc.call<{ torrents: { magnetLink: string }[] }>("torrent-get", {
      ids: [id],
      fields: ["magnetLink"],
    }),
  );
  const link = found?.torrents[0]?.magnetLink;
  if (link === undefined) return;
  // it is there on this machine and over TLS only
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return notices.warn(isolated(link));
  if (await attempt(clipboard.writeText(link).then(() => true)) === true) {
    notices.say(words.copied);
  }
}
