import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { act } from "./actions.ts";
import { AddDialog } from "./add_dialog.tsx";
import { useArrivals } from "./arrivals.ts";
import { ChooseDialog, type Choosing } from "./choose_dialog.tsx";
import { Details, type Tab } from "./details.tsx";
import { Empty, NothingFound } from "./empty.tsx";
import { Footer } from "./footer.tsx";
import { KeysDialog } from "./keys_dialog.tsx";
import { LabelsDialog } from "./labels_dialog.tsx";
import { TorrentList } from "./list.tsx";
import {
  choose,
  labelsOf,
  type Manner,
  NOTHING_CHOSEN,
  type Selection,
  shownRows,
  type Wish,
  withoutGone,
} from "./list_model.ts";
import type { Row } from "../row.ts";
import type { Model } from "./model.ts";
import { MoveDialog } from "./move_dialog.tsx";
import { RemoveDialog } from "./remove_dialog.tsx";
import { RenameDialog } from "./rename_dialog.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { SessionDialog } from "./session_dialog.tsx";
import { StatsDialog } from "./stats_dialog.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useTools } from "./tools.ts";

/** Which question or form is open. */
export type Open =
  | "add"
  | "remove"
  | "move"
  | "labels"
  | "rename"
  | "session"
  | "stats"
  | "keys"
  | null;

const FIRST_WISH: Wish = { filter: { kind: "all" }, search: "", column: "added", descending: true };

/** The whole page. Drawn again at each change of the model. */
export function App(
  { model, onLeave }: {
    readonly model: Model;
    /** Logs out; null: there is no password. */
    readonly onLeave: (() => void) | null;
  },
) {
  const tools = useTools();
  const { words } = tools;
  const collator = useMemo(() => new Intl.Collator(words.language, { numeric: true }), [words]);
  const [wish, setWish] = useState(FIRST_WISH);
  const [before, setSelection] = useState(NOTHING_CHOSEN);
  const [open, setOpen] = useState<Open>(null);
  const [shownId, setShownId] = useState<number | null>(null);
  /** Times that details were asked for; those that follow the list do not take the keyboard. */
  const [asked, setAsked] = useState(0);
  const [tab, setTab] = useState<Tab>("overview");
  const [choosing, setChoosing] = useState<readonly Choosing[]>([]);
  const [nextChoice] = choosing;
  const arrivals = useArrivals(() => setOpen("add"));

  useShortcuts(tools.letterKeys, setOpen);

  const { rows } = model;
  const shownBefore = useRef<readonly Row[]>([]);
  const selection: Selection = withoutGone(before, rows, shownBefore.current);
  const shown = shownRows(rows.values(), wish, collator);
  useLayoutEffect(() => {
    shownBefore.current = shown;
    if (selection !== before) setSelection(selection);
  });
  const chosen = [...selection.chosen];
  const chosenRows = chosen.flatMap((id) => rows.get(id) ?? []);
  const [firstChosen] = chosenRows;
  const labels = labelsOf(rows.values());

  const onChoose = (id: number, manner: Manner) => {
    setSelection(choose(selection, shown, id, manner));
    if (manner === "alone" && shownId !== null) setShownId(id);
  };
  const onDetails = (id: number) => {
    setShownId(id);
    setAsked((times) => times + 1);
    const row = rows.get(id);
    if (row?.unchosen !== true) return;
    // it waits for that
    setTab("files");
    setChoosing((before) => [...before, { id, name: row.name, isNew: false, start: true }]);
  };
  useEffect(() => {
    if (asked > 0) document.querySelector<HTMLElement>(".details h2")?.focus();
  }, [asked]);
  useEffect(() => {
    const { down, up } = model.totals;
    const rate = (bytes: number) => tools.format.rate(bytes) || "0";
    document.title = down + up > 0 ? `↓ ${rate(down)} ↑ ${rate(up)} · ${words.title}` : words.title;
  });

  return (
    <>
      <a class="skip" href="#main">{words.skip}</a>
      <Toolbar
        wish={wish}
        labels={labels}
        chosen={chosen}
        slow={model.totals.slow}
        onWish={setWish}
        onOpen={setOpen}
        onDetails={onDetails}
        onLeave={onLeave}
      />
      {model.connection !== "connecting" && model.connection !== "live" && (
        <p class="lost" role="alert">{words.broken[model.connection]}</p>
      )}
      {model.outdated && (
        <p class="outdated" role="status">
          {words.outdated}{" "}
          <button type="button" onClick={() => location.reload()}>{words.reload}</button>
        </p>
      )}
      <main id="main" tabIndex={-1} class={shownId === null ? "" : "split"}>
        {!model.known
          ? <p class="quiet">{words.connecting}</p>
          : rows.size === 0
          ? <Empty onAdd={() => setOpen("add")} />
          : shown.length === 0
          ? <NothingFound onAll={() => setWish(FIRST_WISH)} />
          : (
            <TorrentList
              rows={shown}
              wish={wish}
              selection={selection}
              onWish={setWish}
              onChoose={onChoose}
              onAll={() => setSelection({ ...selection, chosen: new Set(shown.map((r) => r.id)) })}
              onNone={() => setSelection(NOTHING_CHOSEN)}
              onDetails={onDetails}
              onOpen={setOpen}
              onAct={(what) => void act(tools, what, chosen)}
            />
          )}
        {shownId !== null && (
          <Details
            key={shownId}
            id={shownId}
            row={rows.get(shownId)}
            tab={tab}
            history={model.history}
            onTab={setTab}
            onClose={() => setShownId(null)}
          />
        )}
      </main>
      <Footer model={model} shown={shown.length} chosen={chosen.length} />
      {open === "add" && (
        <AddDialog
          arrivals={arrivals}
          onClose={() => setOpen(null)}
          onChooseFiles={(more) => setChoosing((before) => [...before, ...more])}
        />
      )}
      {open === null && nextChoice !== undefined && (
        <ChooseDialog
          key={nextChoice.id}
          choosing={nextChoice}
          row={rows.get(nextChoice.id)}
          free={model.totals.free}
          onClose={() => setChoosing((before) => before.slice(1))}
        />
      )}
      {open === "remove" && chosen.length > 0 && (
        <RemoveDialog
          rows={chosenRows}
          onClose={() => setOpen(null)}
        />
      )}
      {open === "move" && chosen.length > 0 && (
        <MoveDialog
          ids={chosen}
          onClose={() => setOpen(null)}
        />
      )}
      {open === "labels" && chosen.length > 0 && (
        <LabelsDialog
          rows={chosenRows}
          labels={labels}
          onClose={() => setOpen(null)}
        />
      )}
      {open === "rename" && firstChosen !== undefined && (
        <RenameDialog
          id={firstChosen.id}
          path={firstChosen.name}
          onClose={() => setOpen(null)}
        />
      )}
      {open === "keys" && <KeysDialog onClose={() => setOpen(null)} />}
      {open === "stats" && <StatsDialog model={model} onClose={() => setOpen(null)} />}
      {open === "session" && <SessionDialog totals={model.totals} onClose={() => setOpen(null)} />}
    </>
  );
}
