import { useRef } from "preact/hooks";
import type { Row } from "../row.ts";
import { FilesTab } from "./files_tab.tsx";
import { tame } from "./format.ts";
import { OptionsTab } from "./options_tab.tsx";
import { Overview } from "./overview.tsx";
import { PeersTab } from "./peers_tab.tsx";
import type { RateHistory } from "./rate_history.ts";
import { useTools } from "./tools.ts";
import { TrackersTab } from "./trackers_tab.tsx";

const TABS = ["overview", "files", "peers", "trackers", "options"] as const;

/** What of a torrent is shown. */
export type Tab = typeof TABS[number];

/** What the details need; without a row the torrent is gone. */
export interface DetailsProps {
  readonly id: number;
  readonly row: Row | undefined;
  readonly tab: Tab;
  readonly history: RateHistory;
  readonly onTab: (tab: Tab) => void;
  readonly onClose: () => void;
}

/** Everything of one torrent, in tabs. */
export function Details({ id, row, tab, history, onTab, onClose }: DetailsProps) {
  const { words } = useTools();
  const opener = useRef(document.activeElement).current;
  const close = () => {
    onClose();
    // or whoever uses the keyboard would begin at the top again
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = nextTab(tab, event.key);
    if (next === null) return;
    event.preventDefault();
    onTab(next);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <section class="details" aria-label={words.details} onKeyDown={closeBy(close)}>
      <div class="heading">
        <h2 tabIndex={-1}>
          <bdi>{tame(row?.name ?? "")}</bdi>
        </h2>
        <button type="button" onClick={close}>{words.close}</button>
      </div>
      <div role="tablist" aria-label={words.details} onKeyDown={onKeyDown}>
        {TABS.map((each) => (
          <button
            key={each}
            id={`tab-${each}`}
            type="button"
            role="tab"
            aria-selected={each === tab}
            aria-controls="tabpanel"
            tabIndex={each === tab ? 0 : -1}
            onClick={() => onTab(each)}
          >
            {words.tabs[each]}
          </button>
        ))}
      </div>
      <div
        id="tabpanel"
        role="tabpanel"
        aria-labelledby={`tab-${tab}`}
        tabIndex={0}
        class={tab === "files" ? "filled" : ""}
      >
        {row === undefined
          ? <p>{words.gone}</p>
          : tab === "overview"
          ? <Overview row={row} history={history} />
          : tab === "files"
          ? <FilesTab id={id} />
          : tab === "peers"
          ? <PeersTab id={id} />
          : tab === "trackers"
          ? <TrackersTab id={id} />
          : <OptionsTab id={id} />}
      </div>
    </section>
  );
}

/** The tab that a key goes to, from the last on to the first; null: none. */
function nextTab(tab: Tab, key: string): Tab | null {
  const at = TABS.indexOf(tab);
  const all = TABS.length;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: all - 1,
  };
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return step === undefined ? null : TABS[(step + all) % all] ?? null;
}

function closeBy(onClose: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    // a question before them is closed alone
    const { target } = event;
    const isAsked = target instanceof Element && target.closest("dialog") !== null;
    if (event.key === "Escape" && !isAsked) onClose();
  };
}
