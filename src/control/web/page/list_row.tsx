import type { Row } from "../row.ts";
import { tame } from "./format.ts";
import { type Manner, stateWord } from "./list_model.ts";
import { Trouble } from "./told.tsx";
import { useTools } from "./tools.ts";

/** What a row needs. */
export interface RowProps {
  readonly row: Row;
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly isChosen: boolean;
  readonly isActive: boolean;
  readonly onChoose: (manner: Manner) => void;
  readonly onDetails: () => void;
}

/** One torrent in the list. */
export function ListRow({ row, index, top, isChosen, isActive, onChoose, onDetails }: RowProps) {
  const { words, format } = useTools();
  const state = stateWord(row);
  const name = tame(row.name);
  const id = `row-${row.id}`;
  return (
    <div
      id={id}
      // what is read first; the rest is in its cells
      aria-labelledby={`${id}-name ${id}-state ${id}-progress`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      class={`row${isChosen ? " chosen" : ""}${isActive ? " active" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => onChoose(mannerOf(event))}
      onDblClick={onDetails}
    >
      <div
        role="gridcell"
        class="c-mark"
        // the list keeps the keyboard
        onMouseDown={(event) => event.preventDefault()}
        onClick={(event) => mark(event, onChoose)}
      >
        <input type="checkbox" tabIndex={-1} aria-label={name} checked={isChosen} />
      </div>
      <div role="gridcell" class="c-place">{format.count(row.place + 1)}</div>
      <div role="gridcell" id={`${id}-name`} class="c-name">
        <bdi title={name}>{name}</bdi>
        {row.labels.map((label) => <bdi key={label} class="label">{tame(label)}</bdi>)}
      </div>
      <div role="gridcell" id={`${id}-state`} class={`c-state s-${state}`}>
        <span title={words.states[state]}>{words.states[state]}</span>{" "}
        {row.trouble !== null && <Trouble trouble={row.trouble} />}
      </div>
      <div role="gridcell" id={`${id}-progress`} class="c-progress">
        <progress max={1} value={row.progress} aria-hidden="true" />
        <span>{format.percent(row.progress)}</span>
      </div>
      <div role="gridcell" class="c-size">
        {row.nameless || row.unchosen ? "–" : format.size(row.size)}
      </div>
      <div role="gridcell" class="c-down">{format.rate(row.down)}</div>
      <div role="gridcell" class="c-up">{format.rate(row.up)}</div>
      <div role="gridcell" class="c-eta">{format.duration(row.eta)}</div>
      <div role="gridcell" class="c-peers">{row.peers === 0 ? "" : format.count(row.peers)}</div>
      <div role="gridcell" class="c-ratio">{format.ratio(row.ratio)}</div>
      <div role="gridcell" class="c-added">{format.day(row.added)}</div>
    </div>
  );
}

function mannerOf(event: MouseEvent): Manner {
  return event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "alone";
}

/** For who has no key to hold: chooses this one besides the others. */
function mark(
  event: MouseEvent & { currentTarget: HTMLElement },
  onChoose: RowProps["onChoose"],
): void {
  event.stopPropagation();
  event.currentTarget.closest<HTMLElement>("[role=grid]")?.focus({ preventScroll: true });
  onChoose(event.shiftKey ? "range" : "toggle");
}
