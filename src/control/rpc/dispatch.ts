/** One body of a request in either form of the RPC, and its answer. */
import { fromUtf8Lossy } from "../../base/mod.ts";
import { Arguments } from "./arguments.ts";
import type { CallContext, Method, Methods } from "./call.ts";
import { type Json, type JsonObject, JsonRefused, parseJson } from "./json.ts";
import { snake, snakeKeys } from "./names.ts";
import { codeName, RpcCode, RpcError, rpcError } from "./rpc_error.ts";
import { SESSION } from "./session_methods.ts";
import { ACTIONS } from "./torrent_actions.ts";
import { torrentAdd } from "./torrent_add.ts";
import { torrentGet } from "./torrent_get.ts";
import { CHANGES } from "./torrent_set.ts";

/** Calls in one batch of JSON-RPC. */
const MAX_BATCH = 100;
/** Bytes of a body that cannot be read in which its form is looked for. */
const HEAD = 4096;

const METHODS = ((methods: Methods) =>
  new Map<unknown, Method>(
    Object.entries(methods).flatMap(([name, method]) => [[name, method], [snake(name), method]]),
  ))({
    ...ACTIONS,
    ...CHANGES,
    ...SESSION,
    "torrent-add": torrentAdd,
    "torrent-get": torrentGet,
  });

/** Every method by its name in rpc-version 16. */
export const METHOD_NAMES: readonly string[] = [...METHODS.keys()].map(String);

/** What every call of a body shares. */
export type BodyContext = Omit<CallContext, "dialect">;

/** The answer to a body; null: there is none, as it was notifications of JSON-RPC alone. Never rejects. */
export async function answer(body: Uint8Array, context: BodyContext): Promise<Json | null> {
  let request: unknown;
  try {
    request = parseJson(body);
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error;
    const refusal = new RpcError(RpcCode.parse, `Parse error: ${error.message}`);
    const isJsonRpc = fromUtf8Lossy(body.subarray(0, HEAD)).includes('"jsonrpc"');
    return isJsonRpc ? failure(refusal, null) : { arguments: {}, result: refusal.message };
  }
  if (Array.isArray(request)) return await answerBatch(request, context);
  const isJsonRpc = isObject(request) && Object.hasOwn(request, "jsonrpc");
  return isJsonRpc ? await answerJsonRpc(request, context) : await answerLegacy(request, context);
}

/** `method`, `arguments`, `tag`; the answer's `result` is `success` or what is wrong. */
async function answerLegacy(request: unknown, context: BodyContext): Promise<Json> {
  const { method, arguments: given, tag } = isObject(request) ? request : {};
  const echo = typeof tag === "number" || typeof tag === "string" ? { tag } : {};
  try {
    const run = METHODS.get(method);
    if (run === undefined) {
      const unknown = typeof method === "string";
      throw new RpcError(
        RpcCode.method,
        unknown ? "method name not recognized" : "no method name",
      );
    }
    const result = await run(new Arguments(given ?? {}), { ...context, dialect: "legacy" });
    return { arguments: result, result: "success", ...echo };
  } catch (error) {
    const { message, complaint } = rpcError(error);
    return { arguments: complaintJson(complaint), result: message, ...echo };
  }
}

/** One after another, so that a call sees what the one before it did. */
async function answerBatch(
  requests: readonly unknown[],
  context: BodyContext,
): Promise<Json | null> {
  if (requests.length === 0 || requests.length > MAX_BATCH) {
    return failure(new RpcError(RpcCode.request, `Expected 1 to ${MAX_BATCH} requests`), null);
  }
  const answers: Json[] = [];
  for (const request of requests) {
    const one = await answerJsonRpc(request, context);
    if (one !== null) answers.push(one);
  }
  return answers.length === 0 ? null : answers;
}

/** JSON-RPC 2.0 as Transmission 4.1 speaks it; null for a notification. */
async function answerJsonRpc(request: unknown, context: BodyContext): Promise<Json | null> {
  if (!isObject(request)) return failure(invalid("request must be an Object"), null);
  const { jsonrpc, method, params, id } = request;
  const echo = id ?? null;
  if (echo !== null && typeof echo !== "string" && typeof echo !== "number") {
    return failure(invalid("id type must be String, Number, or Null"), null);
  }
  const shown = jsonrpc === "2.0" ? echo : null;
  try {
    if (jsonrpc !== "2.0") throw invalid("JSON-RPC version is not 2.0");
    if (typeof method !== "string") throw invalid("method must be a String");
    const run = METHODS.get(method);
    if (run === undefined) throw new RpcError(RpcCode.method, "method name not recognized");
    const result = await run(new Arguments(params ?? {}), { ...context, dialect: "json-rpc" });
    // what was to be told nobody
    if (!Object.hasOwn(request, "id")) return null;
    return { jsonrpc: "2.0", result: snakeKeys(result), id: shown };
  } catch (error) {
    const refusal = rpcError(error);
    const notification = refusal.code !== RpcCode.request && !Object.hasOwn(request, "id");
    return notification ? null : failure(refusal, shown);
  }
}

function invalid(message: string): RpcError {
  return new RpcError(RpcCode.request, message);
}

function failure({ code, message, complaint }: RpcError, id: string | number | null): JsonObject {
  const data = { error_string: message, ...complaintJson(complaint) };
  const error = { code, message: codeName(code), data };
  return { jsonrpc: "2.0", error, id };
}

/** What is wrong as a code, where there is one. */
function complaintJson(complaint: RpcError["complaint"]): JsonObject {
  if (complaint === null) return {};
  const { code, values } = complaint;
  return { complaint: { code, values } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
