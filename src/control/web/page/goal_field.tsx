import { NumberField } from "./fields.tsx";
import { useTools } from "./tools.ts";

/** Mode of a goal that is the torrent's own. */
const OWN = 1;

/** What a torrent seeds to: as the session says, its own, or without end. Modes as in the RPC. */
export function GoalField(
  { label, mode, value, onMode, onValue }: {
    readonly label: string;
    readonly mode: number;
    readonly value: number;
    readonly onMode: (mode: number) => void;
    readonly onValue: (value: number) => void;
  },
) {
  const { words } = useTools();
  const { goalModes } = words.option;
  return (
    <fieldset>
      <legend>{label}</legend>
      <select
        aria-label={label}
        value={mode}
        onChange={({ currentTarget }) => onMode(Number(currentTarget.value))}
      >
        <option value={0}>{goalModes.session}</option>
        <option value={OWN}>{goalModes.own}</option>
        <option value={2}>{goalModes.none}</option>
      </select>
      {mode === OWN && <NumberField label={words.option.goal} value={value} onChange={onValue} />}
    </fieldset>
  );
}
