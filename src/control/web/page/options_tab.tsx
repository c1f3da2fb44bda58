import { Check, Field, NumberField, TextField } from "./fields.tsx";
import { GoalField } from "./goal_field.tsx";
import { labelsIn } from "./label_changes.ts";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

interface Facts {
  readonly downloadLimit: number;
  readonly downloadLimited: boolean;
  readonly uploadLimit: number;
  readonly uploadLimited: boolean;
  readonly honorsSessionLimits: boolean;
  readonly bandwidthPriority: number;
  readonly "peer-limit": number;
  readonly queuePosition: number;
  readonly labels: readonly string[];
  readonly sequentialDownload: boolean;
  readonly firstLastPieces: boolean;
  readonly maxTotal: number;
  readonly seedRatioLimit: number;
  readonly seedRatioMode: number;
  readonly seedIdleLimit: number;
  readonly seedIdleMode: number;
  readonly seedTimeLimit: number;
  readonly seedTimeMode: number;
}

const FIELDS = [
  "downloadLimit",
  "downloadLimited",
  "uploadLimit",
  "uploadLimited",
  "honorsSessionLimits",
  "bandwidthPriority",
  "peer-limit",
  "queuePosition",
  "labels",
  "sequentialDownload",
  "firstLastPieces",
  "maxTotal",
  "seedRatioLimit",
  "seedRatioMode",
  "seedIdleLimit",
  "seedIdleMode",
  "seedTimeLimit",
  "seedTimeMode",
] as const;

const MB = 1_000_000;

/** What can be set of one torrent; each change holds at once. */
export function OptionsTab({ id }: { readonly id: number }) {
  const { words, rpc, attempt } = useTools();
  const { torrent, refresh } = useTorrent<Facts>(id, FIELDS);
  const { option } = words;
  if (torrent === undefined) return <p>{words.loading}</p>;
  if (torrent === null) return <p>{words.gone}</p>;
  const set = async (change: Partial<Facts>) => {
    await attempt(rpc.call("torrent-set", { ids: [id], ...change }));
    refresh();
  };
  return (
    <div class="pairs">
      <NumberField
        label={option.downloadLimit}
        value={torrent.downloadLimit}
        isOn={torrent.downloadLimited}
        onChange={(downloadLimit) => void set({ downloadLimit })}
        onSwitch={(downloadLimited) => void set({ downloadLimited })}
      />
      <NumberField
        label={option.uploadLimit}
        value={torrent.uploadLimit}
        isOn={torrent.uploadLimited}
        onChange={(uploadLimit) => void set({ uploadLimit })}
        onSwitch={(uploadLimited) => void set({ uploadLimited })}
      />
      <Check
        label={option.session}
        value={torrent.honorsSessionLimits}
        onChange={(honorsSessionLimits) => void set({ honorsSessionLimits })}
      />
      <Field label={option.bandwidth}>
        <select
          value={torrent.bandwidthPriority}
          onChange={({ currentTarget }) =>
            void set({ bandwidthPriority: Number(currentTarget.value) })}
        >
          <option value={1}>{words.priorities.high}</option>
          <option value={0}>{words.priorities.normal}</option>
          <option value={-1}>{words.priorities.low}</option>
        </select>
      </Field>
      <NumberField
        label={option.peers}
        value={torrent["peer-limit"]}
        onChange={(limit) => void set({ "peer-limit": limit })}
      />
      <NumberField
        label={option.place}
        value={torrent.queuePosition + 1}
        min={1}
        onChange={(place) => void set({ queuePosition: Math.max(0, place - 1) })}
      />
      <NumberField
        label={option.maxTotal}
        value={torrent.maxTotal / MB}
        onChange={(value) => void set({ maxTotal: Math.round(value * MB) })}
      />
      <TextField
        label={option.labels}
        value={torrent.labels.join(", ")}
        onChange={(text) => void set({ labels: labelsIn(text) })}
      />
      <Check
        label={option.sequential}
        value={torrent.sequentialDownload}
        onChange={(sequentialDownload) => void set({ sequentialDownload })}
      />
      <Check
        label={option.firstLast}
        value={torrent.firstLastPieces}
        onChange={(firstLastPieces) => void set({ firstLastPieces })}
      />
      <GoalField
        label={option.ratio}
        mode={torrent.seedRatioMode}
        value={torrent.seedRatioLimit}
        onMode={(seedRatioMode) => void set({ seedRatioMode })}
        onValue={(seedRatioLimit) => void set({ seedRatioLimit })}
      />
      <GoalField
        label={option.idle}
        mode={torrent.seedIdleMode}
        value={torrent.seedIdleLimit}
        onMode={(seedIdleMode) => void set({ seedIdleMode })}
        onValue={(seedIdleLimit) => void set({ seedIdleLimit })}
      />
      <GoalField
        label={option.time}
        mode={torrent.seedTimeMode}
        value={torrent.seedTimeLimit}
        onMode={(seedTimeMode) => void set({ seedTimeMode })}
        onValue={(seedTimeLimit) => void set({ seedTimeLimit })}
      />
    </div>
  );
}
