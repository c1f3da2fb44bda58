/** What goes from the manager to the page once a second. Plain data without imports: the page has this file too. */

/** What a torrent does, as in the manager. */
export type RowState =
  | "stopped"
  | "check-wait"
  | "checking"
  | "download-wait"
  | "downloading"
  | "seed-wait"
  | "seeding";

/** What is wrong with a torrent: a code, what its sentence is made of, and in English the sentence itself. */
export interface RowTrouble {
  readonly code: string;
  readonly values: Readonly<Record<string, string | number | null>>;
  readonly text: string;
}

/** A torrent in the list. Sizes in bytes, rates in bytes a second, times in milliseconds since 1970. */
export interface Row {
  readonly id: number;
  readonly name: string;
  readonly state: RowState;
  /** What is wrong, null: nothing. */
  readonly trouble: RowTrouble | null;
  /** It stopped because of that. */
  readonly broken: boolean;
  /** 0 to 1; of the check while it is checked, of the metadata while that is fetched. */
  readonly progress: number;
  /** The metadata of a magnet link is not here yet. */
  readonly nameless: boolean;
  /** None of its files is wanted: they are to be chosen. */
  readonly unchosen: boolean;
  readonly finished: boolean;
  readonly stalled: boolean;
  /** Bytes wanted, and of them those here. */
  readonly size: number;
  readonly done: number;
  readonly down: number;
  readonly up: number;
  /** Seconds, null: cannot be told. */
  readonly eta: number | null;
  readonly peers: number;
  readonly seeds: number;
  /** Null: nothing was downloaded. */
  readonly ratio: number | null;
  readonly labels: readonly string[];
  readonly added: number;
  /** Place in the queue, 0 first. */
  readonly place: number;
}

/** A row that the page does not know, all of it, or of one that it knows what changed. */
export type RowChange = Pick<Row, "id"> & Partial<Row>;

/** Figures of the whole manager. */
export interface Totals {
  readonly down: number;
  readonly up: number;
  readonly peers: number;
  readonly dhtNodes: number;
  /** Free bytes in the download folder, null: not known. */
  readonly free: number | null;
  readonly port: number | null;
  /** The alternative limits hold. */
  readonly slow: boolean;
}

/** One event of the stream; `all`: rows that are not in it are no more. */
export interface LiveEvent {
  /** The manager's, in the first event of a stream. */
  readonly version?: string;
  readonly all: boolean;
  readonly rows: readonly RowChange[];
  readonly removed: readonly number[];
  readonly totals: Totals;
}
