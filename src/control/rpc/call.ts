/** What the methods of the RPC share. */
import type { Bytes } from "../../base/mod.ts";
import type { ManagerApi } from "../../manager/mod.ts";
import type { Receipt } from "../receipt.ts";
import type { Arguments } from "./arguments.ts";
import type { JsonObject } from "./json.ts";

/** Whose word it is: Transmission 3.00's, or that of its version 4.1. */
export type Dialect = "legacy" | "json-rpc";

/** What a call needs besides its arguments. */
export interface CallContext {
  readonly manager: ManagerApi;
  readonly dialect: Dialect;
  /** The caller is on this machine. */
  readonly local: boolean;
  /** This program's version. */
  readonly version: string;
  /** The session id of HTTP. */
  readonly sessionId: string;
  /** The torrent behind a URL; `local`: it may be on a local address. */
  readonly fetchTorrent: (url: string, local: boolean) => Promise<Bytes>;
  /** What the process may touch. */
  readonly receipt: () => Receipt;
  /** The program shall end, once the answer is out. */
  readonly shutdown: () => void;
}

/** One method; throws whatever the manager does. */
export type Method = (args: Arguments, context: CallContext) => Promise<JsonObject>;

/** Methods by their names in rpc-version 16. */
export type Methods = Readonly<Record<string, Method>>;

/** The answer of most. */
export const NOTHING: JsonObject = {};
