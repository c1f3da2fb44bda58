import type { ComponentChildren } from "preact";

/** A box to tick with its words. */
export function Check(
  { label, hint, value, onChange }: {
    readonly label: string;
    readonly hint?: string;
    readonly value: boolean;
    readonly onChange: (value: boolean) => void;
  },
) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{label}{hint !== undefined && <small>{hint}</small>}</span>
    </label>
  );
}

/** A number with its words; with `isOn` a box before it says whether it holds. */
export function NumberField(
  { label, value, isOn, onChange, onSwitch }: {
    readonly label: string;
    readonly value: number;
    readonly isOn?: boolean;
    readonly onChange: (value: number) => void;
    readonly onSwitch?: (isOn: boolean) => void;
  },
) {
  const number = (
    <input
      type="number"
      min={0}
      // what is there may be no round number, and must not keep a form from being sent
      step="any"
      aria-label={label}
      disabled={isOn === false}
      value={value}
      onChange={({ currentTarget }) => {
        const given = currentTarget.valueAsNumber;
        if (Number.isFinite(given)) onChange(given);
      }}
    />
  );
  if (onSwitch === undefined) return <Field label={label}>{number}</Field>;
  return (
    <div class="field">
      <Check label={label} value={isOn === true} onChange={onSwitch} />
      {number}
    </div>
  );
}

/** Words before something to fill in. */
export function Field(
  { label, hint, children }: {
    readonly label: string;
    readonly hint?: string;
    readonly children: ComponentChildren;
  },
) {
  return (
    <label class="field">
      <span>{label}{hint !== undefined && <small>{hint}</small>}</span>
      {children}
    </label>
  );
}
