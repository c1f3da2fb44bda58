import { Check, Field, NumberField } from "./fields.tsx";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

interface Facts {
  readonly downloadLimit: number;
  readonly downloadLimited: boolean;
  readonly uploadLimit: number;
  readonly uploadLimited: boolean;
  readonly honorsSessionLimits: boolean;
  readonly "peer-limit": number;
  readonly labels: readonly string[];
  readonly sequentialDownload: boolean;
  readonly firstLastPieces: boolean;
  readonly seedRatioLimit: number;
  readonly seedRatioMode: number;
}

const FIELDS = [
  "downloadLimit",
  "downloadLimited",
  "uploadLimit",
  "uploadLimited",
  "honorsSessionLimits",
  "peer-limit",
  "labels",
  "sequentialDownload",
  "firstLastPieces",
  "seedRatioLimit",
  "seedRatioMode",
] as const;

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
    <div class="form">
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
      <NumberField
        label={option.peers}
        value={torrent["peer-limit"]}
        onChange={(limit) => void set({ "peer-limit": limit })}
      />
      <Field label={option.labels}>
        <input
          value={torrent.labels.join(", ")}
          onChange={({ currentTarget }) => {
            const labels = currentTarget.value.split(",").map((label) => label.trim());
            void set({ labels: labels.filter((label) => label !== "") });
          }}
        />
      </Field>
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
      <Field label={option.ratio}>
        <select
          value={torrent.seedRatioMode}
          onChange={({ currentTarget }) => void set({ seedRatioMode: Number(currentTarget.value) })}
        >
          <option value={0}>{option.ratioModes.session}</option>
          <option value={1}>{option.ratioModes.own}</option>
          <option value={2}>{option.ratioModes.none}</option>
        </select>
        {torrent.seedRatioMode === 1 && (
          <input
            type="number"
            min={0}
            step="any"
            aria-label={option.ratio}
            value={torrent.seedRatioLimit}
            onChange={({ currentTarget }) =>
              void set({ seedRatioLimit: currentTarget.valueAsNumber })}
          />
        )}
      </Field>
    </div>
  );
}
