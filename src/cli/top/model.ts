/**
 * What `tm top` knows and shows, as values: nothing here asks, waits or draws.
 *
 * Terms. The *list* is the table of torrents, the *panel* what is shown below it of the torrent under the cursor. A
 * *prompt* takes the keys until it is answered.
 */
import type {
  JsonObject,
  RemoteFile,
  RemotePeer,
  RemoteTracker,
  TorrentStatus,
  TorrentSummary,
} from "../../remote/mod.ts";
import { LIST_COLUMNS, type ListColumn } from "../manager/columns.ts";
import type { Filter } from "../manager/filter.ts";
import type { Reasons } from "../manager/reasons.ts";
import type { Tone } from "../terminal.ts";
import type { Input } from "./keys.ts";

/** What a panel can show, in the order of their keys. */
export const TABS = ["details", "files", "peers", "trackers"] as const;
/** One of them. */
export type Tab = typeof TABS[number];

/** What a panel shows of a torrent. */
export type Content =
  | { readonly tab: "details"; readonly status: TorrentStatus; readonly reasons: Reasons }
  | { readonly tab: "files"; readonly files: readonly RemoteFile[] }
  | { readonly tab: "peers"; readonly peers: readonly RemotePeer[] }
  | { readonly tab: "trackers"; readonly trackers: readonly RemoteTracker[] };

/** What is to be done outside. */
export type Request =
  /** The torrents: all, or those that changed of late. */
  | { readonly type: "list"; readonly all: boolean }
  | { readonly type: "panel"; readonly hash: string; readonly tab: Tab }
  | { readonly type: "session" }
  | Act
  | { readonly type: "quit" }
  /** Let the screen go, to be stopped by the shell. */
  | { readonly type: "suspend" }
  /** Draw everything again: something else wrote on the screen. */
  | { readonly type: "redraw" };

/** A call that changes something. */
export interface Act {
  readonly type: "act";
  readonly method: string;
  readonly parameters: JsonObject;
  /** What to say when it is done. */
  readonly done: string;
}

/** The kinds of request that are answered. */
export type Asked = "list" | "panel" | "session" | "act";

/** What happens. */
export type Event =
  | Input
  | { readonly type: "size"; readonly columns: number; readonly rows: number }
  | { readonly type: "tick" }
  | {
    readonly type: "list";
    readonly all: boolean;
    readonly torrents: readonly TorrentSummary[];
    /** Numbers of torrents that are gone. */
    readonly removed: readonly number[];
  }
  /** Null: there is no such torrent any more. */
  | { readonly type: "panel"; readonly hash: string; readonly content: Content | null }
  | { readonly type: "session"; readonly session: JsonObject }
  | { readonly type: "acted"; readonly done: string }
  | {
    readonly type: "failed";
    readonly of: Asked;
    readonly words: string;
    /** The manager said so itself: it is there. */
    readonly answered: boolean;
  };

/** What the keys go to until it is answered. */
export type Prompt =
  | { readonly type: "search"; readonly text: string }
  | { readonly type: "filter"; readonly text: string }
  | {
    readonly type: "limit";
    readonly text: string;
    readonly way: "down" | "up";
    /** Null: of all together. */
    readonly torrent: TorrentSummary | null;
  }
  | {
    readonly type: "ask";
    readonly before: string;
    readonly name: string;
    readonly after: string;
    readonly act: Act;
  };

/** Below the list. */
export interface Panel {
  readonly tab: Tab;
  /** The keys that move go to it. */
  readonly focused: boolean;
  /** The file under the cursor, from 0. */
  readonly cursor: number;
  /** Lines above the first one that is shown. */
  readonly offset: number;
  /** Whose and what; null: not here yet. */
  readonly hash: string | null;
  readonly content: Content | "gone" | null;
}

/** A line that is shown for a while. */
export interface Notice {
  readonly text: string;
  readonly tone: Tone;
  readonly until: number;
}

/** When each kind was asked for and is due; times of {@linkcode TopState.now}. */
export interface Poll {
  /** Null: nobody waits for an answer. */
  readonly asked: number | null;
  readonly due: number;
}

/** Everything. */
export interface TopState {
  /** The manager, for people. */
  readonly host: string;
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds on the clock of the events. */
  readonly now: number;
  /** Seconds since 1970. */
  readonly date: number;
  /** Null: no answer so far. */
  readonly torrents: ReadonlyMap<string, TorrentSummary> | null;
  /** Those that the filter lets through, in order. */
  readonly shown: readonly TorrentSummary[];
  /** Bytes a second of all of them. */
  readonly downRate: number;
  readonly upRate: number;
  readonly sort: ListColumn;
  readonly reverse: boolean;
  readonly filter: { readonly text: string; readonly test: Filter } | null;
  readonly search: string;
  /** Info hash of the torrent under the cursor and its place in `shown`. */
  readonly cursor: string | null;
  readonly index: number;
  readonly offset: number;
  readonly panel: Panel | null;
  readonly prompt: Prompt | null;
  /** Lines of the help above the first that is shown; null: no help. */
  readonly help: number | null;
  readonly notice: Notice | null;
  /** Since when the manager does not answer, why, and how often it was tried. */
  readonly lost: { readonly since: number; readonly words: string; readonly tries: number } | null;
  readonly session: JsonObject;
  readonly list: Poll;
  /** When all torrents are due, not only those that changed. */
  readonly allDue: number;
  readonly details: Poll;
  readonly settings: Poll;
}

/** Before anything is known but the manager's settings. */
export function initialState(
  start: Pick<TopState, "host" | "columns" | "rows" | "now" | "date" | "session">,
): TopState {
  const idle: Poll = { asked: null, due: start.now };
  return {
    ...start,
    torrents: null,
    shown: [],
    downRate: 0,
    upRate: 0,
    sort: LIST_COLUMNS.find(({ name }) => name === "id")!,
    reverse: false,
    filter: null,
    search: "",
    cursor: null,
    index: 0,
    offset: 0,
    panel: null,
    prompt: null,
    help: null,
    notice: null,
    lost: null,
    list: idle,
    allDue: start.now,
    details: idle,
    settings: { asked: null, due: start.now + SETTINGS_MS },
  };
}

/** Milliseconds between two looks at the manager's settings. */
export const SETTINGS_MS = 30_000;

/** The torrent under the cursor. */
export function current(state: TopState): TorrentSummary | null {
  return state.shown[state.index] ?? null;
}
