import { DeniedError, MetainfoError, UsageError } from "../base/mod.ts";
import type { TorrentFile } from "./file_map.ts";
import type { FilePriority } from "./file_priority.ts";
import { Glob } from "./glob.ts";
import { formatRanges, type IndexRange } from "./index_ranges.ts";

/**
 * Some files of a torrent: by number, counted from 0 with padding (BEP 53), or by a glob. One without a slash is for
 * names, wherever they lie; one with a slash for paths below the torrent's folder, or from that folder's name on.
 */
export type FileSelector = IndexRange | { readonly glob: string };

/** Files get another priority. */
export interface FilePriorityChange {
  readonly files: readonly FileSelector[];
  readonly priority: FilePriority;
}

/** Which files of a torrent are wanted, and how much; all of them the same when nothing is said. */
export interface FileRules {
  /** Only these. */
  readonly select?: readonly FileSelector[];
  /** Of those not these. */
  readonly exclude?: readonly FileSelector[];
  /** And then one change after another. */
  readonly priorities?: readonly FilePriorityChange[];
  /** Globs: a torrent with a file, or a folder, of such a name is refused as a whole, chosen or not. */
  readonly deny?: readonly string[];
}

/**
 * The priority of each file; padding is `off`. `before`: what is changed by `priorities` alone, in place of `select` and
 * `exclude`. Throws `MetainfoError` when a selection leaves no file, `DeniedError` for a torrent that is refused,
 * `UsageError` for a pattern that makes no sense.
 */
export function filePriorities(
  files: readonly TorrentFile[],
  rules: FileRules,
  before: readonly FilePriority[] | null = null,
): FilePriority[] {
  refuseDenied(files, rules.deny ?? []);
  const out = before === null ? selected(files, rules) : [...before];
  changePriorities(files, rules.priorities ?? [], out);
  return files.map((file, i) => file.pad ? "off" : out[i] ?? "normal");
}

/** Carries out changes in `priorities`, one for each file. */
export function changePriorities(
  files: readonly TorrentFile[],
  changes: readonly FilePriorityChange[],
  priorities: FilePriority[],
): void {
  for (const change of changes) {
    for (const i of filesOf(files, change.files)) priorities[i] = change.priority;
  }
}

function selected(files: readonly TorrentFile[], { select, exclude }: FileRules): FilePriority[] {
  const chosen = select === undefined ? new Set(files.keys()) : filesOf(files, select);
  for (const i of filesOf(files, exclude ?? [])) chosen.delete(i);
  const said = select !== undefined || exclude !== undefined;
  if (said && !files.some((file, i) => chosen.has(i) && !file.pad)) {
    const named = [...select ?? [], ...exclude ?? []].map(describe).join(", ");
    throw new MetainfoError(
      "info.files",
      `Expected files of this torrent, it has ${files.length}, none is left by ${named}`,
    );
  }
  return files.map((_, i) => chosen.has(i) ? "normal" : "off");
}

function describe(selector: FileSelector): string {
  return "glob" in selector ? selector.glob : `number ${formatRanges([selector])} counted from 0`;
}

/** Numbers of the files that one of the selectors means; numbers beyond the last file mean none. */
function filesOf(files: readonly TorrentFile[], selectors: readonly FileSelector[]): Set<number> {
  const out = new Set<number>();
  for (const selector of selectors) {
    if (!("glob" in selector)) {
      for (let i = Math.max(0, selector.from); i <= selector.to && i < files.length; i++) {
        out.add(i);
      }
      continue;
    }
    const glob = new Glob(selector.glob);
    for (const [i, file] of files.entries()) {
      if (!file.pad && pathsOf(file, glob).some((path) => glob.test(path))) out.add(i);
    }
  }
  return out;
}

/** What a glob is compared with: the name, or the path with and without the torrent's folder. */
function pathsOf({ path }: TorrentFile, { isPath }: Glob): readonly string[] {
  if (!isPath) return path.slice(-1);
  return path.length > 1 ? [path.slice(1).join("/"), path.join("/")] : [path.join("/")];
}

/** A name may not hide behind dots and spaces at its end, which some systems drop, nor in a folder. */
function refuseDenied(files: readonly TorrentFile[], deny: readonly string[]): void {
  for (const glob of deny.map((text) => new Glob(text))) {
    for (const file of files) {
      if (file.pad) continue;
      const bare = { ...file, path: file.path.map((name) => name.replace(/[. ]+$/, "")) };
      const tried = glob.isPath
        ? [...pathsOf(file, glob), ...pathsOf(bare, glob)]
        : [...file.path, ...bare.path];
      if (tried.some((path) => glob.test(path))) {
        throw new DeniedError(file.path.join("/"), glob.text);
      }
    }
  }
}

/** Throws `UsageError` when a glob of the rules makes no sense, before there is a torrent. */
export function checkRules(rules: FileRules): void {
  const selectors = [
    ...rules.select ?? [],
    ...rules.exclude ?? [],
    ...(rules.priorities ?? []).flatMap(({ files }) => files),
  ];
  for (const text of rules.deny ?? []) new Glob(text);
  for (const selector of selectors) {
    if ("glob" in selector) new Glob(selector.glob);
    else if (selector.to < selector.from) throw new UsageError("Expected file numbers in order");
  }
}
