import type { ComponentChildren } from "preact";
import { useDraft } from "./draft.ts";

/** A box to tick with its words. */
export function Check(
  { label, hint, value, isHeld = false, onChange }: {
    readonly label: string;
    readonly hint?: string;
    readonly value: boolean;
    /** It cannot be changed; the hint says why. */
    readonly isHeld?: boolean;
    readonly onChange: (value: boolean) => void;
  },
) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value}
        disabled={isHeld}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{label}{hint !== undefined && <small>{hint}</small>}</span>
    </label>
  );
}

/** A number with its words; with `isOn` a box before it says whether it holds. */
export function NumberField(
  { label, value, min = 0, isOn, onChange, onSwitch }: {
    readonly label: string;
    readonly value: number;
    readonly min?: number;
    readonly isOn?: boolean;
    readonly onChange: (value: number) => void;
    readonly onSwitch?: (isOn: boolean) => void;
  },
) {
  const draft = useDraft(String(value));
  const number = (
    <input
      type="number"
      min={min}
      // what is there may be no round number, and must not keep a form from being sent
      step="any"
      aria-label={label}
      disabled={isOn === false}
      value={draft.shown}
      onInput={({ currentTarget }) => draft.type(currentTarget.value)}
      onBlur={draft.leave}
      onChange={({ currentTarget }) => {
        const given = currentTarget.valueAsNumber;
        // below the least there is; not given, it is forgotten where there is no form to say so
        if (!Number.isFinite(given) || !currentTarget.validity.valid) return;
        draft.give();
        onChange(given);
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

/** A text that is given when the field is left. */
export function TextField(
  { label, value, onChange }: {
    readonly label: string;
    readonly value: string;
    readonly onChange: (value: string) => void;
  },
) {
  const draft = useDraft(value);
  return (
    <Field label={label}>
      <input
        value={draft.shown}
        onInput={({ currentTarget }) => draft.type(currentTarget.value)}
        onBlur={draft.leave}
        onChange={({ currentTarget }) => {
          draft.give();
          onChange(currentTarget.value);
        }}
      />
    </Field>
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
