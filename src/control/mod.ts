/**
 * Remote control: an HTTP server that lets other programs drive the manager by the RPC that Transmission's clients
 * speak (rpc-version 16, and the JSON-RPC 2.0 form of its version 4.1), tells Prometheus how it is, and serves the web
 * page (`web/`), which is one more client of that RPC. It runs on the main thread, has no right to files once it has
 * read that page, and knows of the manager only {@linkcode ManagerApi}.
 *
 * Terms. A *caller* is who sends a request; *local* on this machine. The *session id* is a random text that a request
 * must carry: a page of another site can neither read nor guess it. The *gate* is the checks before any route.
 */
export type { Credentials } from "./password_guard.ts";
export type { PartRights, Receipt, Right } from "./receipt.ts";
export {
  type ControlOptions,
  type ListenPlace,
  MAX_BODY,
  type RunningControl,
  startControlServer,
} from "./server.ts";
export { loadPage, type PageFile, type PageFiles } from "./web/mod.ts";
