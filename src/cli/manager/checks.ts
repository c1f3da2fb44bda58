/** What works at a manager and what does not: as it tells itself, or from what Transmission tells. */
import {
  json,
  type JsonObject,
  readSummary,
  RemoteError,
  type RemoteManager,
  SUMMARY_FIELDS,
} from "../../remote/mod.ts";
import { formatCount, formatSize } from "../units.ts";

/** One thing that was looked at. */
export interface Check {
  readonly subject: string;
  readonly state: "ok" | "warning" | "bad";
  readonly text: string;
  /** What to do; empty: nothing. */
  readonly advice: string;
}

/** Disks are measured, and strangers asked to connect. */
const TIMEOUT_MS = 90_000;
/** Free bytes below which a disk is nearly full. */
const LITTLE_SPACE = 2 ** 30;

/** All there is to say. Rejects with {@linkcode RemoteError}. */
export async function check(manager: RemoteManager): Promise<Check[]> {
  try {
    const answer = await manager.call("doctor", {}, TIMEOUT_MS);
    return json.objects(answer, "findings", readCheck);
  } catch (error) {
    if (!(error instanceof RemoteError) || error.fault !== "unknown-method") throw error;
    return await checkOthers(manager);
  }
}

function readCheck(from: JsonObject): Check {
  const state = json.text(from, "state");
  return {
    subject: json.text(from, "subject"),
    state: state === "ok" || state === "bad" ? state : "warning",
    text: json.text(from, "text"),
    advice: json.text(from, "advice"),
  };
}

/** Of a manager that cannot look at itself. */
async function checkOthers(manager: RemoteManager): Promise<Check[]> {
  const session = await manager.session();
  const torrents = await manager.torrents(SUMMARY_FIELDS, null, readSummary);
  const version = json.text(session, "version", "not told");
  return [
    ok("manager", `version ${version}, it answers`),
    space(session),
    await port(manager, json.count(session, "peer-port")),
    json.flag(session, "dht-enabled")
      ? ok("dht", "the DHT is on")
      : warning("dht", "the DHT is off", "tm session dht=on finds more peers"),
    troubles(torrents.filter(({ trouble }) => trouble !== "none").length, torrents.length),
  ];
}

function space(session: JsonObject): Check {
  const free = json.number(session, "download-dir-free-space", -1);
  const folder = json.text(session, "download-dir");
  if (free < 0) return warning("space", `free space in ${folder} is not known`, "does it exist?");
  const text = `${formatSize(free)} free in ${folder}`;
  return free < LITTLE_SPACE
    ? warning("space", text, "make room, or choose another with tm session download-dir=…")
    : ok("space", text);
}

async function port(manager: RemoteManager, port: number): Promise<Check> {
  try {
    const answer = await manager.call("port-test", {}, TIMEOUT_MS);
    return json.flag(answer, "port-is-open")
      ? ok("port", `port ${port} can be reached from outside`)
      : warning(
        "port",
        `port ${port} cannot be reached from outside`,
        "open it in the firewall and router, so that peers can come to it",
      );
  } catch (error) {
    if (!(error instanceof RemoteError) || !["refused", "silent"].includes(error.fault)) {
      throw error;
    }
    return warning("port", `port ${port}: nobody could be asked`, "try again online");
  }
}

function troubles(bad: number, all: number): Check {
  return bad === 0 ? ok("torrents", `${formatCount(all, "torrent")}, none in trouble`) : warning(
    "torrents",
    `${bad} of ${formatCount(all, "torrent")} in trouble`,
    "tm list -f error shows them, tm why tells the cause",
  );
}

function ok(subject: string, text: string): Check {
  return { subject, state: "ok", text, advice: "" };
}

function warning(subject: string, text: string, advice: string): Check {
  return { subject, state: "warning", text, advice };
}
