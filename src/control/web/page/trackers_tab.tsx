import { useState } from "preact/hooks";
import { FactTable } from "./fact_table.tsx";
import { tame } from "./format.ts";
import { Foreign } from "./sentence.tsx";
import { TrackersDialog } from "./trackers_dialog.tsx";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";
import type { Words } from "./words.ts";

interface Facts {
  readonly trackerStats: readonly {
    readonly id: number;
    readonly announce: string;
    readonly lastAnnounceResult: string;
    readonly lastAnnounceSucceeded: boolean;
    readonly lastAnnounceTime: number;
    readonly nextAnnounceTime: number;
    readonly seederCount: number;
    readonly leecherCount: number;
  }[];
  readonly trackerFaults: readonly {
    readonly id: number;
    readonly fault: keyof Words["trackerFaults"] | null;
    readonly said: string;
  }[];
}

/** The trackers: what each said last, and when it is asked next. */
export function TrackersTab({ id }: { readonly id: number }) {
  const { words, format } = useTools();
  const { torrent, refresh } = useTorrent<Facts>(id, ["trackerStats", "trackerFaults"]);
  const [isEditing, setEditing] = useState(false);
  if (torrent === undefined) return <p>{words.loading}</p>;
  if (torrent === null) return <p>{words.gone}</p>;
  const faults = new Map(torrent.trackerFaults.map((each) => [each.id, each]));
  const date = (seconds: number) => seconds > 0 ? format.date(seconds * 1000) : words.never;
  const count = (number: number) => number < 0 ? "–" : format.count(number);
  return (
    <>
      <p>
        <button type="button" onClick={() => setEditing(true)}>{words.trackers.edit}</button>
      </p>
      {torrent.trackerStats.length === 0 ? <p>{words.noTrackers}</p> : (
        <FactTable
          label={words.tabs.trackers}
          heads={words.tracker}
          lines={torrent.trackerStats.map((tracker) => ({
            key: tracker.id,
            cells: {
              url: <bdi class="strange">{tame(tracker.announce)}</bdi>,
              result: (
                <span class={`strange short${tracker.lastAnnounceSucceeded ? "" : " warning"}`}>
                  <Answer
                    fault={faults.get(tracker.id)}
                    answered={tracker.lastAnnounceSucceeded}
                  />
                </span>
              ),
              seeders: count(tracker.seederCount),
              leechers: count(tracker.leecherCount),
              last: date(tracker.lastAnnounceTime),
              next: date(tracker.nextAnnounceTime),
            },
          }))}
        />
      )}
      {isEditing && (
        <TrackersDialog
          id={id}
          onClose={() => {
            setEditing(false);
            refresh();
          }}
        />
      )}
    </>
  );
}

/** What a tracker answered last: what is wrong, and its own words. */
function Answer(
  { fault, answered }: {
    readonly fault: Facts["trackerFaults"][number] | undefined;
    readonly answered: boolean;
  },
) {
  const { words } = useTools();
  const said = fault?.said ?? "";
  const own = fault !== undefined && fault.fault !== null
    ? words.trackerFaults[fault.fault]
    : answered && said === ""
    ? words.trackerAnswered
    : "";
  return (
    <>
      {own} {said !== "" && <Foreign text={said} />}
    </>
  );
}
