/** What `files-wanted`, `priority-high` and their like change. */
import type { FilePriority } from "../../session/mod.ts";
import type { FilePatch, FileView } from "../../manager/mod.ts";
import { aList, anInteger, type Arguments } from "./arguments.ts";
import { RpcCode, RpcError } from "./rpc_error.ts";

/** Files by what is to become of them; an empty list is all, none at all is nobody. */
export interface FileLists {
  readonly wanted: readonly number[] | undefined;
  readonly unwanted: readonly number[] | undefined;
  readonly priorities: readonly (readonly [FilePriority, readonly number[]])[];
}

const aFileList = aList(anInteger(0, 100_000_000));

/** The lists among the arguments; null when there is none. */
export function fileLists(args: Arguments): FileLists | null {
  const wanted = args.read("files-wanted", aFileList);
  const unwanted = args.read("files-unwanted", aFileList);
  const priorities = (["low", "normal", "high"] as const).flatMap((priority) => {
    const files = args.read(`priority-${priority}`, aFileList);
    return files === undefined ? [] : [[priority, files] as const];
  });
  if (wanted === undefined && unwanted === undefined && priorities.length === 0) return null;
  return { wanted, unwanted, priorities };
}

/**
 * The changes to files that are there. Whether a file is wanted and its priority are two things to the RPC and one to
 * us: a file that is wanted already keeps its priority, and one that is not wanted is not turned on by a priority.
 */
export function filePatches(files: readonly FileView[], lists: FileLists): FilePatch[] {
  const all = [wantedOf(lists), unwantedOf(lists), ...lists.priorities.map(([, list]) => list)];
  if (all.some((list) => list.some((index) => index >= files.length))) {
    const complaint = { code: "no-file", values: {} } as const;
    throw new RpcError(RpcCode.fileIndex, "file index out of range", complaint);
  }
  const before = files.map(({ priority }) => priority);
  const after = [...before];
  const each = (list: readonly number[] | undefined, change: (index: number) => void) => {
    if (list !== undefined) (list.length === 0 ? [...after.keys()] : list).forEach(change);
  };
  each(lists.unwanted, (index) => after[index] = "off");
  each(lists.wanted, (index) => {
    if (after[index] === "off") after[index] = before[index] === "off" ? "normal" : before[index]!;
  });
  for (const [priority, list] of lists.priorities) {
    each(list, (index) => {
      if (after[index] !== "off") after[index] = priority;
    });
  }
  return (["off", "low", "normal", "high"] as const).flatMap((priority) => {
    const changed = [...after.keys()]
      .filter((index) => after[index] === priority && before[index] !== priority);
    return changed.length === 0 ? [] : [{ files: changed, priority }];
  });
}

/** The changes to a torrent that is not here yet, all of whose files are wanted. */
export function newFilePatches(lists: FileLists): FilePatch[] {
  const wanted = new Set(wantedOf(lists));
  const all = lists.wanted?.length === 0;
  const off = all ? [] : unwantedOf(lists).filter((index) => !wanted.has(index));
  const none = lists.unwanted?.length === 0 && !all;
  const on = (list: readonly number[]) => {
    if (none) return (list.length === 0 ? [...wanted] : list.filter((index) => wanted.has(index)));
    const dropped = new Set(off);
    return list.filter((index) => !dropped.has(index));
  };
  const out: FilePatch[] = none ? [{ files: [], priority: "off" }] : [];
  if (none && wanted.size > 0) out.push({ files: [...wanted], priority: "normal" });
  for (const [priority, list] of lists.priorities) {
    const files = on(list);
    // an empty list would be all of them
    if (files.length > 0 || (list.length === 0 && !none)) out.push({ files, priority });
  }
  if (off.length > 0) out.push({ files: off, priority: "off" });
  return out;
}

function wantedOf({ wanted }: FileLists): readonly number[] {
  return wanted ?? [];
}

function unwantedOf({ unwanted }: FileLists): readonly number[] {
  return unwanted ?? [];
}
