/** Asks the manager what `tm top` wants to know. */
import {
  FILE_FIELDS,
  isTorrentManager,
  json,
  type JsonObject,
  knowsBudgets,
  readFiles,
  readPeers,
  readStatus,
  readSummary,
  readTrackers,
  type RemoteManager,
  speedUnitOf,
  STATUS_FIELDS,
  SUMMARY_FIELDS,
} from "../../remote/mod.ts";
import { readReasons, REASON_FIELDS } from "../manager/reasons.ts";
import type { Content, Event, Request, Tab } from "./model.ts";

/** The requests that are calls. */
export type Call = Extract<Request, { type: "list" | "panel" | "session" | "act" }>;

/** The answer. Rejects with `RemoteError`. */
export async function call(
  manager: RemoteManager,
  request: Call,
  session: JsonObject,
): Promise<Event> {
  switch (request.type) {
    case "list": {
      const ids = request.all ? {} : { ids: "recently-active" };
      const answer = await manager.call("torrent-get", { fields: SUMMARY_FIELDS, ...ids });
      const removed = json.list(answer, "removed", (id) => json.number({ id }, "id"));
      const torrents = json.objects(answer, "torrents", readSummary);
      return { type: "list", all: request.all, torrents, removed };
    }
    case "panel": {
      const { hash, tab } = request;
      const { fields, read } = contentOf(tab, session);
      const [content = null] = await manager.torrents(fields, [hash], read);
      return { type: "panel", hash, content };
    }
    case "session":
      return { type: "session", session: await readSession(manager) };
    case "act":
      await manager.call(request.method, request.parameters);
      return { type: "acted", done: request.done };
  }
}

/** The manager's settings; what is used of them has been checked. Rejects with `RemoteError`. */
export async function readSession(manager: RemoteManager): Promise<JsonObject> {
  const session = await manager.session();
  speedUnitOf(session);
  json.flag(session, "alt-speed-enabled");
  json.flag(session, "dht-enabled");
  isTorrentManager(session);
  knowsBudgets(session);
  return session;
}

/** Texts of an answer that may have characters whose width must be known. */
export function textsOf(event: Event): string[] {
  if (event.type === "acted") return [event.done];
  if (event.type === "failed") return [event.words];
  if (event.type === "list") return event.torrents.flatMap(({ name, labels }) => [name, ...labels]);
  if (event.type !== "panel" || event.content === null) return [];
  const { content } = event;
  switch (content.tab) {
    case "details": {
      const { name, folder, comment, message, labels, creator } = content.status;
      const causes = content.reasons.causes.flatMap(({ text, advice }) => [text, advice]);
      return [name, folder, comment, message, creator, ...labels, ...causes];
    }
    case "files":
      return content.files.map(({ path }) => path);
    case "peers":
      return content.peers.map(({ client }) => client);
    case "trackers":
      return content.trackers.flatMap(({ url, message }) => [url, message]);
  }
}

interface Asked {
  readonly fields: readonly string[];
  readonly read: (torrent: JsonObject) => Content;
}

function contentOf(tab: Tab, session: JsonObject): Asked {
  switch (tab) {
    case "details":
      return {
        fields: [...new Set([...STATUS_FIELDS, ...REASON_FIELDS])],
        read: (torrent) => ({
          tab,
          status: readStatus(torrent, session),
          reasons: readReasons(torrent, session),
        }),
      };
    case "files":
      return { fields: FILE_FIELDS, read: (torrent) => ({ tab, files: readFiles(torrent) }) };
    case "peers":
      return { fields: ["peers"], read: (torrent) => ({ tab, peers: readPeers(torrent) }) };
    case "trackers":
      return {
        fields: ["trackerStats"],
        read: (torrent) => ({ tab, trackers: readTrackers(torrent) }),
      };
  }
}
