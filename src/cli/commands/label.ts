import { UsageError } from "../../base/mod.ts";
import { readSummary, type RemoteManager, SUMMARY_FIELDS } from "../../remote/mod.ts";
import { command, type Context } from "../command.ts";
import { ExitCode } from "../exit_codes.ts";
import { jsonLine } from "../json_line.ts";
import { hashesOf } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { labelList } from "../manager/option_values.ts";
import { ID_HELP, selectTorrents } from "../manager/select_torrents.ts";
import { showTable } from "../manager/show_table.ts";
import { flag } from "../option.ts";
import { loadWidths, printable } from "../printable.ts";

/** `tm label [ID [LABEL…]]` */
export const label = command({
  name: "label",
  summary: "Show or change labels",
  usage: "[ID [LABEL…]]",
  about: "The torrents get these labels instead of those they have; --add keeps them,\n" +
    "--remove takes single ones away, --clear all. Without a LABEL it shows them,\n" +
    "without an ID how many torrents have each.\n\n" +
    `${ID_HELP}\nExits with 3 when there is no such torrent.`,
  completes: "nothing",
  options: {
    ...MANAGER_OPTIONS,
    add: flag({ long: "add", help: "Keep those they have" }),
    remove: flag({ long: "remove", help: "Take these away" }),
    clear: flag({ long: "clear", help: "Take all away" }),
  },
  examples: [
    ["tm label 3 linux iso", "These two"],
    ["tm label --add 1-5 linux", "One more"],
    ["tm label", "How many torrents have each"],
  ],
  run: (context, values, [id, ...words]) =>
    withManager(context, values, async (manager) => {
      if ([values.add, values.remove, values.clear].filter(Boolean).length > 1) {
        throw new UsageError("Expected one of --add, --remove and --clear");
      }
      const given = words.flatMap((word) => labelList(word, "the ID"));
      const changes = given.length > 0 || values.clear;
      if ((values.add || values.remove) && given.length === 0) {
        throw new UsageError("Expected a label after the ID, got nothing");
      }
      if (values.clear && (given.length > 0 || id === undefined)) {
        throw new UsageError("Expected an ID and no labels with --clear");
      }
      if (id === undefined) return await showAll(context, manager);
      const chosen = await selectTorrents(manager, [id]);
      if (chosen.length === 0) return ExitCode.ok;
      const read = () => manager.torrents(SUMMARY_FIELDS, hashesOf(chosen), readSummary);
      if (changes) {
        for (const { hash, labels } of await read()) {
          const next = values.add
            ? [...new Set([...labels, ...given])]
            : values.remove
            ? labels.filter((each) => !given.includes(each))
            : given;
          await manager.act("torrent-set", [hash], { labels: next });
        }
      }
      const { terminal, json, quiet } = context;
      const torrents = await read();
      await loadWidths(torrents.map(({ name }) => name));
      for (const { hash, id, name, labels } of torrents) {
        if (json) terminal.print(jsonLine({ type: "labels", torrent: hash, id, name, labels }));
        else if (!quiet || !changes) {
          terminal.print(printable(`${id} ${name}: ${labels.join(", ") || "no labels"}`));
        }
      }
      return ExitCode.ok;
    }),
});

/** Each label with its number of torrents. */
async function showAll(context: Context, manager: RemoteManager): Promise<ExitCode> {
  const counts = new Map<string, number>();
  for (const { labels } of await manager.summaries()) {
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const rows = [...counts].sort(([a], [b]) => a < b ? -1 : 1);
  const { terminal, json, quiet } = context;
  if (json) {
    for (const [label, torrents] of rows) {
      terminal.print(jsonLine({ type: "label", label, torrents }));
    }
  } else if (rows.length > 0) {
    await showTable(context, {
      fields: [
        { title: "Torrents", side: "right", cell: ([, count]: [string, number]) => String(count) },
        { title: "Label", shrinks: true, cell: ([label]) => label },
      ],
    }, rows);
  } else if (!quiet) terminal.print("No labels");
  return ExitCode.ok;
}
