import { dayNames, fromClock, toClock } from "./clock_time.ts";
import { Check, Field } from "./fields.tsx";
import type { SessionFacts } from "./session_facts.ts";
import { useTools } from "./tools.ts";

/** When slow mode holds by itself. */
export function ScheduleFields(
  { facts, onChange }: {
    readonly facts: SessionFacts;
    readonly onChange: (change: Partial<SessionFacts>) => void;
  },
) {
  const { words } = useTools();
  const { session: word } = words;
  const isOn = facts["alt-speed-time-enabled"];
  const days = facts["alt-speed-time-day"];
  const time = (label: string, key: "alt-speed-time-begin" | "alt-speed-time-end") => (
    <Field label={label}>
      <input
        type="time"
        disabled={!isOn}
        value={toClock(facts[key])}
        onChange={({ currentTarget }) => {
          const minutes = fromClock(currentTarget.value);
          if (minutes !== null) {
            onChange({ [key]: minutes });
          }
        }}
      />
    </Field>
  );
  return (
    <>
      <Check
        label={word.schedule}
        value={isOn}
        onChange={(value) => onChange({ "alt-speed-time-enabled": value })}
      />
      {time(word.from, "alt-speed-time-begin")}
      {time(word.to, "alt-speed-time-end")}
      {isOn && (
        <div class="days" role="group" aria-label={word.days}>
          {dayNames(words.language).map((name, day) => (
            <Check
              key={name}
              label={name}
              value={(days >> day & 1) === 1}
              onChange={() => onChange({ "alt-speed-time-day": days ^ 1 << day })}
            />
          ))}
        </div>
      )}
    </>
  );
}
