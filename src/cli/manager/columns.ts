/** The columns of `tm list`: one table for what is shown, sorted by and named. */
import type { TorrentSummary } from "../../remote/mod.ts";
import type { Field } from "./show_table.ts";
import { formatEta, formatPercent, formatShort } from "../units.ts";
import { describeState } from "./state_words.ts";

/** A column that a list of torrents can have. */
export interface ListColumn extends Field<TorrentSummary> {
  /** As after `--sort` and `--columns`. */
  readonly name: string;
  /** What it is sorted by. */
  key(torrent: TorrentSummary): number | string;
}

/** All of them, in their order. */
export const LIST_COLUMNS: readonly ListColumn[] = [
  figure("id", "ID", 0, ({ id }) => id, String),
  figure("done", "Done", 0, doneShare, (_, torrent) => done(torrent)),
  figure("size", "Size", 0, ({ size }) => size, formatShort),
  figure(
    "left",
    "Left",
    0,
    ({ eta, left }) => eta ?? (left > 0 ? Infinity : -1),
    (value) => value === Infinity || value < 0 ? "-" : formatEta(value),
  ),
  figure("down", "Down/s", 0, ({ downRate }) => downRate, rateCell),
  figure("up", "Up/s", 0, ({ upRate }) => upRate, rateCell),
  figure(
    "ratio",
    "Ratio",
    100,
    ({ ratio }) => ratio ?? -1,
    (value) => value < 0 ? "-" : value >= 1000 ? ">999" : value.toFixed(2),
  ),
  figure("peers", "Peers", 100, ({ peers }) => peers, String),
  figure("queue", "Queue", Infinity, ({ position }) => position, (value) => String(value + 1)),
  words("state", "State", 0, describeState),
  figure("added", "Added", Infinity, ({ added }) => added, dateCell),
  words("label", "Label", 110, ({ labels }) => labels.join(",").slice(0, 24)),
  words("hash", "Hash", Infinity, ({ hash }) => hash),
  { ...words("name", "Name", 0, ({ name }) => name), shrinks: true },
];

/** The names there are. */
export const COLUMN_NAMES: readonly string[] = LIST_COLUMNS.map(({ name }) => name);

/** Compares by a column; equal ones by their number. */
export function comparing(
  column: ListColumn,
  reverse: boolean,
): (a: TorrentSummary, b: TorrentSummary) => number {
  const sign = reverse ? -1 : 1;
  return (a, b) => {
    const [x, y] = [column.key(a), column.key(b)];
    const order = typeof x === "string" ? compareTexts(x, String(y)) : x - Number(y);
    // two infinities
    return sign * (Number.isNaN(order) ? 0 : order) || a.id - b.id;
  };
}

/** How much of what is wanted is here: `42%`. */
export function done({ size, left, metadata }: TorrentSummary): string {
  return metadata < 1 ? "-" : formatPercent(size - left, size);
}

function doneShare({ size, left, metadata }: TorrentSummary): number {
  return metadata < 1 ? -1 : size === 0 ? 1 : (size - left) / size;
}

function figure(
  name: string,
  title: string,
  from: number,
  key: (torrent: TorrentSummary) => number,
  show: (value: number, torrent: TorrentSummary) => string,
): ListColumn {
  return { name, title, from, side: "right", key, cell: (torrent) => show(key(torrent), torrent) };
}

function words(
  name: string,
  title: string,
  from: number,
  cell: (torrent: TorrentSummary) => string,
): ListColumn {
  return { name, title, from, key: cell, cell };
}

function rateCell(rate: number): string {
  return rate < 1 ? "-" : formatShort(rate);
}

function dateCell(seconds: number): string {
  return formatDate(seconds) ?? "-";
}

/** `2026-11-28 07:30`, local time; null: not known, or no time that can be. */
export function formatDate(seconds: number | null): string | null {
  if (seconds === null || seconds <= 0 || seconds > 8.64e12) return null;
  const date = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function compareTexts(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}
