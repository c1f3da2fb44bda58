/**
 * A client of the Transmission RPC: what drives a manager from the command line, `tm daemon` or another program that
 * speaks the same. Answers are taken for a stranger's: bounded, checked once, of types the rest can rely on.
 *
 * Terms. A *manager* keeps many torrents and serves the RPC. Its *session* is what it is and its settings.
 * Left out: the JSON-RPC 2.0 form, and everything a server does (`control/`).
 */
export * from "./address.ts";
export * from "./client.ts";
export * from "./details.ts";
export * from "./errors.ts";
export * from "./fetch_transport.ts";
/** Readers of what an answer holds. */
export * as json from "./json.ts";
export type { JsonObject } from "./json.ts";
export * from "./manager.ts";
export * from "./session.ts";
export * from "./torrent.ts";
export * from "./transport.ts";
