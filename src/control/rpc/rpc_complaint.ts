/** What is wrong with a call, as a code: README's section on the RPC has them. */
import type { StorageCause } from "../../base/mod.ts";
import type { ComplaintOf, ManagerComplaint } from "../../manager/mod.ts";
import type { TorrentFileFault } from "../../net/mod.ts";

/** What a client is told besides what the manager refuses. */
export type RpcComplaint =
  | ManagerComplaint
  | ComplaintOf<
    | "bad-torrent"
    | "bad-link"
    | "unknown-link"
    | "no-link"
    /** Nobody from outside has come so far. */
    | "port-unknown"
    | `fetch-${TorrentFileFault}`,
    Record<never, never>
  >
  | ComplaintOf<`storage-${StorageCause}`, { path: string }>;
