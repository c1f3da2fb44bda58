import { useEffect, useState } from "preact/hooks";
import type { Totals } from "../row.ts";
import { Blocklist } from "./blocklist.tsx";
import { Dialog } from "./dialog.tsx";
import { Check, Field, NumberField } from "./fields.tsx";
import { tame } from "./format.ts";
import { Health } from "./health.tsx";
import { Sandbox } from "./sandbox.tsx";
import { ScheduleFields } from "./schedule_fields.tsx";
import { optionThatHolds, type SessionFacts } from "./session_facts.ts";
import { useTools } from "./tools.ts";
import { LANGUAGES } from "./words.ts";

const MB = 1_000_000;

/** The settings of the manager: changed when they are saved, and only what was changed. */
export function SessionDialog(
  { totals, onClose }: { readonly totals: Totals; readonly onClose: () => void },
) {
  const { words, format, language, speak, rpc, attempt, notices } = useTools();
  const { session: word, sections } = words;
  const [there, setThere] = useState<SessionFacts | null>(null);
  const [change, setChange] = useState<Partial<SessionFacts>>({});
  useEffect(() => void attempt(rpc.call<SessionFacts>("session-get")).then(setThere), []);

  const onGo = async () => {
    if (Object.keys(change).length === 0) return true;
    if (await attempt(rpc.call("session-set", change)) === null) return false;
    notices.say(words.saved);
    return true;
  };
  const set = (more: Partial<SessionFacts>) => setChange({ ...change, ...more });
  const facts = there === null ? null : { ...there, ...change };

  /** A number, and whether it holds. */
  const number = (
    label: string,
    key: NumberKey,
    switchKey: SwitchKey | null = null,
    unit = 1,
  ) =>
    facts !== null && (
      <NumberField
        label={label}
        value={facts[key] / unit}
        onChange={(value) => set({ [key]: unit === 1 ? value : Math.round(value * unit) })}
        {...(switchKey !== null && {
          isOn: facts[switchKey],
          onSwitch: (isOn: boolean) => set({ [switchKey]: isOn }),
        })}
      />
    );
  const check = (label: string, key: SwitchKey) => {
    if (facts === null) return null;
    const held = optionThatHolds(facts.lacks, key);
    return (
      <Check
        label={label}
        value={facts[key]}
        isHeld={held !== null}
        {...(held !== null && { hint: word.held(held.option, held.orProxy) })}
        onChange={(value) => set({ [key]: value })}
      />
    );
  };

  return (
    <Dialog title={words.sessionTitle} go={words.save} onGo={onGo} onClose={onClose}>
      {facts === null ? <p>{words.loading}</p> : (
        <div class="sections">
          <fieldset>
            <legend>{sections.page}</legend>
            <Field label={word.language}>
              <select
                value={language ?? ""}
                onChange={({ currentTarget }) => speak(currentTarget.value || null)}
              >
                <option value="">{word.byBrowser}</option>
                {LANGUAGES.map(({ language, languageName }) => (
                  <option key={language} value={language} lang={language}>{languageName}</option>
                ))}
              </select>
            </Field>
          </fieldset>
          <fieldset>
            <legend>{sections.limits}</legend>
            {number(word.down, "speed-limit-down", "speed-limit-down-enabled")}
            {number(word.up, "speed-limit-up", "speed-limit-up-enabled")}
          </fieldset>
          <fieldset>
            <legend>{sections.slow}</legend>
            {number(word.down, "alt-speed-down")}
            {number(word.up, "alt-speed-up")}
            <ScheduleFields facts={facts} onChange={set} />
          </fieldset>
          <fieldset>
            <legend>{sections.queue}</legend>
            {number(word.downloads, "download-queue-size", "download-queue-enabled")}
            {number(word.seeds, "seed-queue-size", "seed-queue-enabled")}
            {number(word.stalled, "queue-stalled-minutes", "queue-stalled-enabled")}
            {check(word.startAdded, "start-added-torrents")}
          </fieldset>
          <fieldset>
            <legend>{sections.seeding}</legend>
            {number(word.ratio, "seedRatioLimit", "seedRatioLimited")}
            {number(word.idle, "idle-seeding-limit", "idle-seeding-limit-enabled")}
            {number(word.time, "seed-time-limit", "seed-time-limit-enabled")}
          </fieldset>
          <fieldset>
            <legend>{sections.network}</legend>
            {number(word.peersAll, "peer-limit-global")}
            {number(word.peersEach, "peer-limit-per-torrent")}
            {check(word.dht, "dht-enabled")}
            {check(word.pex, "pex-enabled")}
            {check(word.lsd, "lpd-enabled")}
            {check(word.utp, "utp-enabled")}
            {check(word.mapping, "port-forwarding-enabled")}
            {check(word.blocklist, "blocklist-enabled")}
            <Field label={word.blocklistUrl}>
              <input
                type="url"
                value={facts["blocklist-url"]}
                onInput={({ currentTarget }) => set({ "blocklist-url": currentTarget.value })}
              />
            </Field>
            <Blocklist
              size={facts["blocklist-size"]}
              newUrl={change["blocklist-url"] ?? null}
            />
          </fieldset>
          <fieldset>
            <legend>{sections.space}</legend>
            <p>
              {word.free}: {totals.free === null ? words.unknown : format.size(totals.free)}
            </p>
            <p>
              {word.folder}: <bdi>{tame(facts["download-dir"])}</bdi>
            </p>
            {number(word.reserve, "reserve", null, MB)}
            {number(word.maxTotal, "max-total", null, MB)}
            {number(word.maxDay, "max-day", null, MB)}
            {number(word.maxMonth, "max-month", null, MB)}
          </fieldset>
          <fieldset>
            <legend>{sections.health}</legend>
            <Health port={totals.port} />
            <p class="quiet">
              {word.version}: <bdi>{tame(facts.version)}</bdi>
            </p>
          </fieldset>
          <fieldset>
            <legend>{sections.sandbox}</legend>
            <Sandbox />
          </fieldset>
        </div>
      )}
    </Dialog>
  );
}

type KeyOf<T> = {
  [K in keyof SessionFacts]: SessionFacts[K] extends T ? K : never;
}[keyof SessionFacts];
type NumberKey = KeyOf<number>;
type SwitchKey = KeyOf<boolean>;
