/** All commands, by name; each is loaded when it is used, so that a long list does not cost every start. */
import type { Command } from "./command.ts";

/** What is known of a command before it is loaded. */
export interface CommandEntry {
  readonly name: string;
  /** As in the command itself. */
  readonly summary: string;
  /** True for those that drive a running manager. */
  readonly remote: boolean;
  load(): Promise<Command>;
}

type Load = CommandEntry["load"];

/** In the order the help lists them. */
export const COMMANDS: readonly CommandEntry[] = [
  entry("get", "Download torrents", async () => (await import("./commands/get.ts")).get),
  entry(
    "seed",
    "Serve torrents whose files are all there",
    async () => (await import("./commands/seed.ts")).seed,
  ),
  entry(
    "share",
    "Give a file or folder to others by a link",
    async () => (await import("./commands/share.ts")).share,
  ),
  entry("info", "Show what a torrent holds", async () => (await import("./commands/info.ts")).info),
  entry(
    "create",
    "Make a torrent of a file or folder",
    async () => (await import("./commands/create.ts")).create,
  ),
  entry(
    "verify",
    "Compare files on disk with a torrent",
    async () => (await import("./commands/verify.ts")).verify,
  ),
  entry("tracker", "Run a tracker", async () => (await import("./commands/tracker.ts")).tracker),
  entry(
    "daemon",
    "Keep torrents, driven by other commands and programs",
    async () => (await import("./commands/daemon.ts")).daemon,
  ),
  remote(
    "add",
    "Hand torrents to the manager",
    async () => (await import("./commands/add.ts")).add,
  ),
  remote("list", "Show its torrents", async () => (await import("./commands/list.ts")).list),
  remote(
    "status",
    "Show all about a torrent",
    async () => (await import("./commands/status.ts")).status,
  ),
  remote("pause", "Stop torrents", async () => (await import("./commands/pause.ts")).pause),
  remote(
    "resume",
    "Start torrents that were stopped",
    async () => (await import("./commands/resume.ts")).resume,
  ),
  remote(
    "remove",
    "Forget torrents, with --data their files too",
    async () => (await import("./commands/remove.ts")).remove,
  ),
  remote(
    "files",
    "Show a torrent's files",
    async () => (await import("./commands/files.ts")).files,
  ),
  remote(
    "peers",
    "Show a torrent's connected peers",
    async () => (await import("./commands/peers.ts")).peers,
  ),
  remote(
    "trackers",
    "Show a torrent's trackers, or change them",
    async () => (await import("./commands/trackers.ts")).trackers,
  ),
  remote(
    "select",
    "Choose the files a torrent downloads",
    async () => (await import("./commands/select.ts")).select,
  ),
  remote(
    "priority",
    "Say what comes first, files or torrents",
    async () => (await import("./commands/priority.ts")).priority,
  ),
  remote(
    "limit",
    "Show or set limits, of all together or of torrents",
    async () => (await import("./commands/limit.ts")).limit,
  ),
  remote(
    "move",
    "Put torrents into another folder",
    async () => (await import("./commands/move.ts")).move,
  ),
  remote(
    "rename",
    "Give a torrent, file or folder of it another name",
    async () => (await import("./commands/rename.ts")).rename,
  ),
  remote(
    "reannounce",
    "Ask for more peers now",
    async () => (await import("./commands/reannounce.ts")).reannounce,
  ),
  remote(
    "queue",
    "Move torrents in the queue",
    async () => (await import("./commands/queue.ts")).queue,
  ),
  remote("label", "Show or change labels", async () => (await import("./commands/label.ts")).label),
  remote(
    "session",
    "Show the manager and its settings, or set them",
    async () => (await import("./commands/session.ts")).session,
  ),
  remote(
    "stats",
    "Show what was transferred, now and in all",
    async () => (await import("./commands/stats.ts")).stats,
  ),
  remote(
    "why",
    "Tell why a torrent does not move, and what to do",
    async () => (await import("./commands/why.ts")).why,
  ),
  remote(
    "doctor",
    "Look at what works and what does not, and say what to do",
    async () => (await import("./commands/doctor.ts")).doctor,
  ),
  remote(
    "top",
    "Watch and drive it on the whole screen",
    async () => (await import("./commands/top.ts")).top,
  ),
  entry(
    "completions",
    "Print completions for a shell",
    async () => (await import("./commands/completions.ts")).completions(COMMANDS),
  ),
  entry(
    "help",
    "Explain a command",
    async () => (await import("./commands/help.ts")).help(COMMANDS),
  ),
];

/** All commands themselves, in the same order. */
export function loadAll(entries: readonly CommandEntry[]): Promise<Command[]> {
  return Promise.all(entries.map(({ load }) => load()));
}

function entry(name: string, summary: string, load: Load): CommandEntry {
  return { name, summary, remote: false, load };
}

function remote(name: string, summary: string, load: Load): CommandEntry {
  return { name, summary, remote: true, load };
}
