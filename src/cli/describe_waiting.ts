/** Why a download waits, as text. Parts of it are a stranger's words. */
import type {
  Cause,
  DhtNote,
  DialFault,
  SourceNote,
  Stage,
  TrackerNote,
  Tried,
  Waiting,
  WebseedNote,
} from "../session/mod.ts";
import { fit, printable } from "./printable.ts";
import { formatCount, formatEta } from "./units.ts";
import { wrap } from "./wrap.ts";

/** Trackers, and web servers, that are listed, and columns their URLs may take. */
const MOST_TRACKERS = 8;
const MOST_URL = 60;

/** `waiting for peers 25s: the tracker answers, but knows no other peers`. */
export function describeWait({ text, causes }: Waiting, seconds: number): string {
  return `${text} ${formatEta(seconds)}: ${printable(causes[0]?.text ?? "nothing comes")}`;
}

/** Everything: the stage, what was tried, each tracker and the likely causes, in lines of at most `columns` where words allow. */
export function describeWaiting(waiting: Waiting, name: string, columns: number): string[] {
  const { text, seconds, tried, trackers, webseeds, sources, dht, stage } = waiting;
  const lines = [`${printable(name)}: ${text}, ${formatEta(seconds)} so far`];
  if (stage !== "checking") {
    lines.push(...wrap(triedText(tried), columns, "  tried    "));
    lines.push(...wrap(peersText(tried, stage), columns, "  peers    "));
  }
  for (const tracker of trackers.slice(0, MOST_TRACKERS)) {
    lines.push(...wrap(trackerText(tracker), columns, "  tracker  "));
  }
  if (trackers.length > MOST_TRACKERS) {
    lines.push(`  … and ${formatCount(trackers.length - MOST_TRACKERS, "more tracker")}`);
  }
  for (const webseed of webseeds.slice(0, MOST_TRACKERS)) {
    lines.push(...wrap(webText(webseed, WEB_STATE), columns, "  web      "));
  }
  for (const source of sources) {
    lines.push(...wrap(webText(source, SOURCE_STATE), columns, "  source   "));
  }
  if (dht !== null) lines.push(...wrap(dhtText(dht), columns, "  DHT      "));
  return [...lines, "  likely causes", ...describeCauses(waiting, columns)];
}

/** The causes by number, each with what to do. */
export function describeCauses(
  { causes }: { readonly causes: readonly Pick<Cause, "text" | "advice">[] },
  columns: number,
): string[] {
  return causes.flatMap(({ text, advice }, i) => [
    ...wrap(printable(text), columns, `  ${i + 1}. `),
    ...wrap(printable(advice), columns, "     → "),
  ]);
}

const FAILED: Readonly<Record<DialFault, string>> = {
  "no-socket": "without a free socket",
  "proxy": "not carried by the proxy",
  "unreachable": "out of reach",
  "silent": "did not answer",
  "refused": "refused",
  "hung-up": "hung up",
  "no-handshake": "said nothing",
  "nonsense": "broke the protocol",
  "other-torrent": "for another torrent",
  "unwanted": "not wanted",
  "left": "left at once",
  "other": "failed otherwise",
};

function triedText({ known, connecting, failed, next }: Tried): string {
  const parts = [known === 0 ? "no address known" : `${formatAddresses(known)} known`];
  if (connecting > 0) parts.push(`${connecting} being connected`);
  for (const fault of Object.keys(FAILED) as DialFault[]) {
    const count = failed[fault] ?? 0;
    if (count > 0) parts.push(`${count} ${FAILED[fault]}`);
  }
  if (next !== null && next > 0) parts.push(`next in ${formatEta(next)}`);
  return parts.join(", ");
}

function peersText({ connected, useful, unchoked }: Tried, stage: Stage): string {
  if (connected === 0) return "none connected";
  if (stage === "metadata") return `${connected} connected, ${useful} have the metadata`;
  return `${connected} connected, ${useful} with something for us, ${unchoked} let us ask`;
}

function trackerText({ url, state, message, peers, seeders, next }: TrackerNote): string {
  const said = message === null ? "" : printable(message);
  const parts = [];
  if (state === "idle") parts.push("not asked yet");
  if (state === "asked") parts.push("no answer yet");
  if (state === "ok") {
    parts.push(formatCount(peers ?? 0, "peer") + (seeders === null ? "" : `, ${seeders} seeding`));
  }
  if (said !== "") parts.push(said);
  if (next !== null) parts.push(next === 0 ? "asked again now" : `asked in ${formatEta(next)}`);
  return `${fit(printable(url), MOST_URL)}: ${parts.join("; ")}`;
}

function dhtText({ nodes, asking, peers, next }: DhtNote): string {
  if (nodes === 0) return "no node answers";
  const parts = [formatCount(nodes, "node")];
  if (peers !== null) parts.push(`${formatCount(peers, "peer")} found`);
  if (asking) parts.push("being asked");
  else if (next !== null) parts.push(next === 0 ? "asked now" : `asked in ${formatEta(next)}`);
  return parts.join(", ");
}

const WEB_STATE: Readonly<Record<WebseedNote["state"], string>> = {
  idle: "nothing to ask for",
  asked: "no answer yet",
  serving: "serves",
  failed: "failed",
  gone: "asked no more",
};

const SOURCE_STATE = { ...WEB_STATE, idle: "not asked yet" };

function webText(
  { url, state, message, next }: WebseedNote | SourceNote,
  words: typeof WEB_STATE,
): string {
  const parts = [message === null ? words[state] : printable(message)];
  if (message !== null && state === "gone") parts.push(words.gone);
  if (next !== null) parts.push(next === 0 ? "asked again now" : `asked in ${formatEta(next)}`);
  return `${fit(printable(url), MOST_URL)}: ${parts.join("; ")}`;
}

function formatAddresses(count: number): string {
  return count === 1 ? "1 address" : `${count} addresses`;
}
