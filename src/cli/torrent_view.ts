/** What is known of a torrent at a moment, folded from the engine's events; all that a display needs. */
import type { EngineEvent, Waiting } from "../session/mod.ts";

/** What a torrent is doing; sizes are bytes, rates bytes a second, times seconds. */
export type Activity =
  | { readonly phase: "starting" }
  /** Of a magnet link nothing is known so far; `held` of `needed` bytes of its metadata are here (0: not known). */
  | {
    readonly phase: "metadata";
    readonly held: number;
    readonly needed: number;
    readonly peers: number;
    readonly known: number;
  }
  | { readonly phase: "checking" | "hashing"; readonly checked: number }
  | {
    readonly phase: "downloading" | "slow-reader" | "seeding" | "stopped";
    readonly downRate: number;
    readonly upRate: number;
    readonly peers: number;
    readonly known: number;
    /** Web servers that serve us. */
    readonly webseeds: number;
    readonly eta: number | null;
  };

/** One torrent. The name is as a stranger wrote it. */
export interface TorrentView {
  readonly id: string;
  readonly name: string;
  /** Bytes; 0: not known yet. */
  readonly size: number;
  /** Bytes verified. */
  readonly done: number;
  readonly complete: boolean;
  /** Bytes sent in this run. */
  readonly uploaded: number;
  readonly activity: Activity;
  /** Why nothing comes, and since when on the display's clock, in milliseconds; null while something does. */
  readonly waiting: { readonly why: Waiting; readonly since: number } | null;
}

/** A torrent nothing has been heard of yet. */
export function newView(id: string, name: string, size: number): TorrentView {
  const activity = { phase: "starting" } as const;
  return { id, name, size, done: 0, complete: false, uploaded: 0, activity, waiting: null };
}

/**
 * The view after an event of this torrent at `now`, milliseconds of the display's clock; the same object when the event
 * changes nothing to be seen.
 */
export function advance(view: TorrentView, event: EngineEvent, now: number): TorrentView {
  switch (event.type) {
    case "added":
      return { ...view, name: event.name, size: event.size };
    case "checking":
      return {
        ...view,
        done: event.done,
        size: event.size,
        activity: { phase: "checking", checked: event.checked },
      };
    case "progress": {
      const { state, done, size, uploaded, downRate, upRate, peers, known, webseeds, eta } = event;
      if (state === "metadata") {
        const activity = { phase: state, held: done, needed: size, peers, known } as const;
        return { ...view, activity };
      }
      if (state === "checking") return { ...view, done, size };
      const activity = { phase: state, downRate, upRate, peers, known, webseeds, eta };
      return { ...view, done, size, uploaded, activity };
    }
    case "piece":
      return { ...view, done: event.done };
    case "done":
      return {
        ...view,
        name: event.name,
        size: event.size,
        done: event.size,
        complete: true,
        waiting: null,
      };
    case "waiting":
      return { ...view, waiting: { why: event, since: now - event.seconds * 1000 } };
    case "moving":
      return { ...view, waiting: null };
    case "finished":
      return { ...view, complete: true, uploaded: event.uploaded };
    default:
      return view;
  }
}
