import { useState } from "preact/hooks";
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
      {torrent.trackerStats.length === 0
        ? <p>{words.noTrackers}</p>
        : (
          <table aria-label={words.tabs.trackers}>
            <thead>
              <tr>
                {Object.entries(words.tracker).map(([key, word]) => (
                  <th key={key} scope="col" class={key === "last" ? "wide" : ""}>{word}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {torrent.trackerStats.map((tracker) => (
                <tr key={tracker.id}>
                  <td>
                    <bdi class="strange">{tame(tracker.announce)}</bdi>
                  </td>
                  <td class={tracker.lastAnnounceSucceeded ? "" : "trouble"}>
                    <span class="strange short">
                      <Answer
                        fault={faults.get(tracker.id)}
                        answered={tracker.lastAnnounceSucceeded}
                      />
                    </span>
                  </td>
                  <td>{count(tracker.seederCount)}</td>
                  <td>{count(tracker.leecherCount)}</td>
                  <td class="wide">{date(tracker.lastAnnounceTime)}</td>
                  <td>{date(tracker.nextAnnounceTime)}</td>
                </tr>
              ))}
            </tbody>
          </table>
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
