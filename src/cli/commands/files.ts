import { FILE_FIELDS, readFiles, type RemoteFile } from "../../remote/mod.ts";
import { detailCommand, type DetailList } from "../manager/detail_command.ts";
import { formatCount, formatPercent, formatShort, formatSize } from "../units.ts";

/** The files of a torrent. */
export const FILE_LIST: DetailList<RemoteFile> = {
  fields: FILE_FIELDS,
  read: readFiles,
  type: "file",
  style: () => ({
    fields: [
      { title: "No", side: "right", cell: ({ number }) => String(number) },
      { title: "Done", side: "right", cell: ({ done, size }) => formatPercent(done, size) },
      { title: "Size", side: "right", cell: ({ size }) => formatShort(size) },
      { title: "Wanted", cell: ({ level }) => level },
      { title: "Path", shrinks: true, cell: ({ path }) => path },
    ],
  }),
  sum(files) {
    if (files.length === 0) return "Its files are not known yet";
    const wanted = files.filter(({ level }) => level !== "off");
    const size = wanted.reduce((sum, file) => sum + file.size, 0);
    const all = formatCount(files.length, "file");
    return `${all}, ${wanted.length} of them wanted, ${formatSize(size)}`;
  },
};

/** `tm files ID…` */
export const files = detailCommand({
  name: "files",
  summary: "Show a torrent's files",
  about: "By number, with what is wanted of them: off, low, normal or high.",
  examples: [
    ["tm files 3", "Those of one torrent"],
    ["tm files --json debian", "For scripts"],
  ],
  list: FILE_LIST,
});
