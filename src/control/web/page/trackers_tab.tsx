import { useState } from "preact/hooks";
import { tame } from "./format.ts";
import { TrackersDialog } from "./trackers_dialog.tsx";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

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
}

/** The trackers: what each said last, and when it is asked next. */
export function TrackersTab({ id }: { readonly id: number }) {
  const { words, format } = useTools();
  const { torrent, refresh } = useTorrent<Facts>(id, ["trackerStats"]);
  const [isEditing, setEditing] = useState(false);
  if (torrent === undefined) return <p>{words.loading}</p>;
  if (torrent === null) return <p>{words.gone}</p>;
  const date = (seconds: number) => seconds > 0 ? format.date(seconds * 1000) : words.never;
  const count = (number: number) => number < 0 ? "–" : format.count(number);
  return (
    <>
      <p>
        <button type="button" onClick={() => setEditing(true)}>{words.trackers.edit}</button>
      </p>
      {torrent.trackerStats.length === 0 ? <p>{words.noTrackers}</p> : (
        <table>
          <thead>
            <tr>
              {Object.entries(words.tracker).map(([key, word]) => (
                <th key={key} scope="col">{word}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {torrent.trackerStats.map((tracker) => (
              <tr key={tracker.id}>
                <td>
                  <bdi>{tame(tracker.announce)}</bdi>
                </td>
                <td class={tracker.lastAnnounceSucceeded ? "" : "trouble"}>
                  <bdi>{tame(tracker.lastAnnounceResult)}</bdi>
                </td>
                <td>{count(tracker.seederCount)}</td>
                <td>{count(tracker.leecherCount)}</td>
                <td>{date(tracker.lastAnnounceTime)}</td>
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
