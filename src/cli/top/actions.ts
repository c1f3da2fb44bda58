/** What keys have the manager do to the torrent under the cursor, and to its files. */
import { type FileLevel, json, type JsonObject, type TorrentSummary } from "../../remote/mod.ts";
import { formatSize } from "../units.ts";
import type { Act, Prompt, TopState } from "./model.ts";

const LEVELS: readonly FileLevel[] = ["off", "low", "normal", "high"];
/** Characters of a name that are worth keeping: it is cut to the screen later. */
const MAX_NAME = 120;

const QUEUE: Readonly<Record<string, readonly [place: string, word: string]>> = {
  K: ["up", "Up in the queue"],
  "shift-up": ["up", "Up in the queue"],
  J: ["down", "Down in the queue"],
  "shift-down": ["down", "Down in the queue"],
  T: ["top", "To the top of the queue"],
  B: ["bottom", "To the bottom of the queue"],
};

/** A call for torrents. */
export function act(
  method: string,
  torrents: readonly TorrentSummary[],
  done: string,
  more: JsonObject = {},
): Act {
  return {
    type: "act",
    method,
    parameters: { ids: torrents.map(({ hash }) => hash), ...more },
    done,
  };
}

/** A name, not longer than is of use. */
export function say({ name }: TorrentSummary): string {
  return name.slice(0, MAX_NAME);
}

/** What a key does to a torrent at once; null: nothing. */
export function actOf(key: string, torrent: TorrentSummary): Act | null {
  const call = (method: string, done: string) => act(method, [torrent], `${done}: ${say(torrent)}`);
  const place = Object.hasOwn(QUEUE, key) ? QUEUE[key] : undefined;
  if (place !== undefined) return call(`queue-move-${place[0]}`, place[1]);
  switch (key) {
    case "p":
      return torrent.state === "stopped"
        ? call("torrent-start", "Resumed")
        : call("torrent-stop", "Paused");
    case "P":
      return call("torrent-start-now", "Started past the queue");
    case "v":
      return call("torrent-verify", "Verifying");
    case "a":
      return call("torrent-reannounce", "Asked for more peers");
    default:
      return null;
  }
}

/** The question before a torrent goes, with its files or without. */
export function askRemove(torrent: TorrentSummary, data: boolean): Prompt {
  const here = formatSize(Math.max(0, torrent.size - torrent.left));
  const done = `${data ? "Removed, with its files" : "Removed, its files stay"}: ${say(torrent)}`;
  return {
    type: "ask",
    before: data ? "DELETE the files of " : "Forget ",
    name: say(torrent),
    after: data ? ` (${here}) and forget it?` : "? Its files stay.",
    act: act("torrent-remove", [torrent], done, { "delete-local-data": data }),
  };
}

/** Switches the alternative limits. */
export function toggleAlternative({ session }: TopState): Act {
  const on = !json.flag(session, "alt-speed-enabled");
  return {
    type: "act",
    method: "session-set",
    parameters: { "alt-speed-enabled": on },
    done: `Alternative limits are ${on ? "on" : "off"}`,
  };
}

/** What a key does to the file under the cursor of the panel; null: nothing. */
export function fileAct(key: string, { panel, torrents }: TopState): Act | null {
  if (panel === null || panel.content === null || panel.content === "gone") return null;
  if (panel.content.tab !== "files") return null;
  const torrent = torrents?.get(panel.hash ?? "");
  const file = panel.content.files[panel.cursor];
  if (file === undefined || torrent === undefined) return null;
  const level = nextLevel(key, file.level);
  if (level === null || level === file.level) return null;
  const numbers = [file.number - 1];
  const change = level === "off"
    ? { "files-unwanted": numbers }
    : { "files-wanted": numbers, [`priority-${level}`]: numbers };
  const name = file.path.slice(file.path.lastIndexOf("/") + 1).slice(0, MAX_NAME);
  return act("torrent-set", [torrent], `File ${file.number} is ${level}: ${name}`, change);
}

function nextLevel(key: string, level: FileLevel): FileLevel | null {
  const at = LEVELS.indexOf(level);
  if (key === "+" || key === "=") return LEVELS[at + 1] ?? level;
  if (key === "-") return LEVELS[at - 1] ?? level;
  if (key === " ") return level === "off" ? "normal" : "off";
  return null;
}
