/** Which files of a torrent are meant on the command line. */
import { UsageError } from "../../base/mod.ts";
import { Glob, isGlob, parseRanges } from "../../metainfo/mod.ts";
import { FILE_FIELDS, readFiles, type RemoteFile, type RemoteManager } from "../../remote/mod.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";

/** What a FILE is, for help pages. */
export const FILE_HELP =
  "A FILE is a number of tm files, several such as 1,3-5, all, a path, or a pattern\n" +
  "in quotes: '*.mkv' for names in any folder, 'extras/**' for all in one.";

/** The files meant by `given`, in their order. Throws {@linkcode CommandError} for one that is none, `UsageError`. */
export function chooseFiles(
  files: readonly RemoteFile[],
  given: readonly string[],
): RemoteFile[] {
  if (given.length === 0) {
    throw new UsageError("Expected a FILE (tm files shows them), got nothing");
  }
  const chosen = new Set(given.flatMap((each) => meant(files, each)));
  return files.filter((file) => chosen.has(file));
}

/** Has a torrent download these files and no others. Throws likewise. */
export async function selectFiles(
  manager: RemoteManager,
  hash: string,
  given: readonly string[],
): Promise<void> {
  const [files = []] = await manager.torrents(FILE_FIELDS, [hash], readFiles);
  const chosen = new Set(chooseFiles(files, given));
  const numbers = (wanted: boolean) =>
    files.filter((file) => chosen.has(file) === wanted).map(({ number }) => number - 1);
  const others = numbers(false);
  await manager.act("torrent-set", [hash], {
    "files-wanted": numbers(true),
    // an empty list would mean all of them to the manager
    ...(others.length === 0 ? {} : { "files-unwanted": others }),
  });
}

function meant(files: readonly RemoteFile[], given: string): readonly RemoteFile[] {
  if (given === "all") return files;
  const ranges = parseRanges(given, 1, 999_999_999);
  if (ranges !== null) {
    for (const { to } of ranges) {
      if (to > files.length) throw none(`${to}; it has ${files.length}`);
    }
    return files.filter(({ number }) =>
      ranges.some(({ from, to }) => from <= number && number <= to)
    );
  }
  const same = files.filter(({ path }) => path === given || belowTop(path) === given);
  if (same.length > 0) return same;
  const found = isGlob(given) ? matching(files, new Glob(given)) : [];
  if (found.length > 0) return found;
  throw none(given);
}

/** A pattern without a folder is for names, any other for paths, with the torrent's own folder or without. */
function matching(files: readonly RemoteFile[], glob: Glob): readonly RemoteFile[] {
  return files.filter(({ path }) =>
    glob.isPath
      ? glob.test(path) || glob.test(belowTop(path))
      : glob.test(path.slice(path.lastIndexOf("/") + 1))
  );
}

function belowTop(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}

function none(what: string): CommandError {
  return new CommandError(ExitCode.notFound, `No file ${what}; tm files shows all`);
}
