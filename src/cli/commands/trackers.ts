import { UsageError } from "../../base/mod.ts";
import { readTrackers, type RemoteTracker } from "../../remote/mod.ts";
import { command } from "../command.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { hashesOf } from "../manager/act.ts";
import { MANAGER_OPTIONS, withManager } from "../manager/connect.ts";
import { type DetailList, showDetails } from "../manager/detail_command.ts";
import { ID_HELP, selectOne, selectTorrents } from "../manager/select_torrents.ts";
import { option, repeated } from "../option.ts";
import { fileNumbers, trackerUrl } from "../option_values.ts";
import { formatEta } from "../units.ts";

const known = (count: number | null) => count === null ? "-" : String(count);

/** The trackers of a torrent, numbered from 1. */
export const TRACKER_LIST: DetailList<RemoteTracker & { readonly number: number }> = {
  fields: ["trackerStats"],
  read: (torrent) => readTrackers(torrent).map((tracker, i) => ({ number: i + 1, ...tracker })),
  type: "tracker",
  style: (now) => ({
    fields: [
      { title: "No", side: "right", cell: ({ number }) => String(number) },
      { title: "Tier", side: "right", cell: ({ tier }) => String(tier + 1) },
      { title: "State", cell: stateOf },
      { title: "Seeds", side: "right", cell: ({ seeders }) => known(seeders) },
      { title: "Others", side: "right", cell: ({ leechers }) => known(leechers) },
      { title: "Next", side: "right", cell: ({ next }) => nextIn(next, now) },
      { title: "URL", shrinks: true, cell: ({ url }) => url },
    ],
    note: ({ state, message }) =>
      message === "" || (state === "ok" && message === "Success") ? null : message,
    isBad: ({ state }) => state === "failed",
  }),
  sum: (trackers) => trackers.length === 0 ? "It has no tracker" : null,
};

/** `tm trackers ID…` */
export const trackers = command({
  name: "trackers",
  summary: "Show a torrent's trackers, or change them",
  usage: "ID…",
  about: "Each with what it said last and when it is asked next.\n\n" +
    `${ID_HELP}\nExits with 3 when there is no such torrent or tracker.`,
  completes: "nothing",
  options: {
    ...MANAGER_OPTIONS,
    add: repeated({
      long: "add",
      short: "a",
      placeholder: "URL",
      read: trackerUrl,
      help: "Ask this one too (may be repeated)",
    }),
    remove: option({
      long: "remove",
      placeholder: "N,N-M",
      read: fileNumbers,
      help: "Forget these, by number",
    }),
  },
  examples: [
    ["tm trackers 3", "Who is asked and what they said"],
    ["tm trackers 3 -a udp://tracker.example.org:6969", "One more"],
    ["tm trackers 3 --remove 2", "One less"],
  ],
  run: (context, values, positionals) =>
    withManager(context, values, async (manager) => {
      const chosen = await selectTorrents(manager, positionals);
      if (values.remove !== undefined) {
        if (positionals.length !== 1) throw new UsageError("Expected one ID with --remove");
        const one = await selectOne(manager, positionals[0]!);
        const [has = []] = await manager.torrents(["trackerStats"], [one.hash], readTrackers);
        const gone = has.filter((_, i) =>
          values.remove!.some(({ from, to }) => from <= i && i <= to)
        );
        if (gone.length === 0) {
          const message = `No such tracker; it has ${has.length} (tm trackers ${one.id})`;
          throw new CommandError(ExitCode.notFound, message);
        }
        await manager.act("torrent-set", [one.hash], { trackerRemove: gone.map(({ id }) => id) });
      }
      if (values.add.length > 0 && chosen.length > 0) {
        await manager.act("torrent-set", hashesOf(chosen), { trackerAdd: values.add });
      }
      await showDetails(context, manager, chosen, TRACKER_LIST);
      return ExitCode.ok;
    }),
});

function stateOf({ state, asking }: RemoteTracker): string {
  if (asking) return "asked";
  return state === "unasked" ? "not asked" : state;
}

function nextIn(next: number | null, now: number): string {
  return next === null ? "-" : next <= now ? "now" : formatEta(next - now);
}
