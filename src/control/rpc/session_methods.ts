import type { ManagerStats, SessionPatch, TransferStats } from "../../manager/mod.ts";
import type { Receipt } from "../receipt.ts";
import { aList, type Arguments, aText } from "./arguments.ts";
import { type CallContext, type Methods, NOTHING } from "./call.ts";
import type { Json, JsonObject } from "./json.ts";
import { byName } from "./names.ts";
import { below } from "./paths.ts";
import { RpcCode, RpcError, wrong } from "./rpc_error.ts";
import { SESSION_FIELDS } from "./session_fields.ts";

/** Methods about the manager as a whole. */
export const SESSION: Methods = {
  "session-get": get,
  "session-set": set,
  "session-stats": async (_, { manager }) => statsJson(await manager.stats()),
  "session-close": (_, { shutdown }) => {
    shutdown();
    return Promise.resolve(NOTHING);
  },
  "free-space": freeSpace,
  "port-test": portTest,
  "blocklist-update": async (_, { manager, local }) => ({
    "blocklist-size": await manager.updateFilter(local),
  }),
  "group-get": () => Promise.resolve({ group: [] }),
  "group-set": () => {
    throw new RpcError(RpcCode.params, "bandwidth groups are not supported");
  },
  "receipt": (_, { receipt }) => Promise.resolve({ parts: receiptJson(receipt()) }),
  "doctor": async (_, { manager }) => ({
    findings: (await manager.doctor()).map(({ subject, state, code, values, text, advice }) => (
      { subject, state, code, values, text, advice }
    )),
  }),
};

const FIELDS_BY_NAME = byName(SESSION_FIELDS);

async function get(args: Arguments, context: CallContext): Promise<JsonObject> {
  const session = await context.manager.session();
  const names = args.read("fields", aList(aText)) ?? SESSION_FIELDS.map(({ name }) => name);
  const shown: Record<string, Json> = {};
  for (const name of names) {
    const field = FIELDS_BY_NAME.get(name);
    if (field !== undefined) shown[name] = field.of(session, context);
  }
  return shown;
}

/** Everything is read before anything is changed. */
async function set(args: Arguments, { manager }: CallContext): Promise<JsonObject> {
  const session = await manager.session();
  const changes = SESSION_FIELDS.map(({ change }) => change?.(args, session) ?? {});
  let patch: SessionPatch = {};
  let { schedule } = session.settings;
  for (const change of changes) {
    patch = { ...patch, ...change.settings };
    if (change.schedule === undefined) continue;
    schedule = { ...schedule, ...change.schedule };
    patch = { ...patch, schedule };
  }
  if (Object.keys(patch).length > 0) await manager.setSession(patch);
  return NOTHING;
}

async function freeSpace(args: Arguments, { manager }: CallContext): Promise<JsonObject> {
  const path = args.read("path", aText);
  if (path === undefined || path === "") throw wrong("path", "a folder");
  const { folder } = await manager.session();
  const { free, total } = await manager.freeSpace(below(folder, path));
  return { path, "size-bytes": free, total_size: total };
}

async function portTest(args: Arguments, { manager }: CallContext): Promise<JsonObject> {
  args.read("ip-protocol", aText);
  const open = await manager.testPort();
  if (open !== null) return { "port-is-open": open };
  const message = "portTested: not known, nobody from outside has connected so far";
  throw new RpcError(RpcCode.http, message, { code: "port-unknown", values: {} });
}

function statsJson(stats: ManagerStats): JsonObject {
  return {
    activeTorrentCount: stats.active,
    "cumulative-stats": transfersJson(stats.total),
    "current-stats": transfersJson(stats.current),
    downloadSpeed: Math.round(stats.downRate),
    pausedTorrentCount: stats.paused,
    torrentCount: stats.torrents,
    uploadSpeed: Math.round(stats.upRate),
  };
}

function receiptJson(receipt: Receipt): Json {
  return receipt.map(({ part, rights }) => ({
    part,
    rights: rights.map(({ name, state, only }) => ({ name, state, only })),
  }));
}

function transfersJson(stats: TransferStats): Json {
  return {
    downloadedBytes: stats.downloaded,
    filesAdded: stats.filesAdded,
    secondsActive: Math.floor(stats.active),
    sessionCount: stats.sessions,
    uploadedBytes: stats.uploaded,
  };
}
