import type { Row } from "../row.ts";
import { tame } from "./format.ts";
import { type Manner, stateWord } from "./list_model.ts";
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
  return (
    <div
      id={`row-${row.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      class={`row${isChosen ? " chosen" : ""}${isActive ? " active" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => onChoose(mannerOf(event))}
      onDblClick={onDetails}
    >
      <div role="gridcell" class="c-mark" onClick={(event) => mark(event, onChoose)} />
      <div role="gridcell" class="c-name">
        <bdi>{tame(row.name)}</bdi>
        {row.labels.map((label) => <bdi key={label} class="label">{tame(label)}</bdi>)}
      </div>
      <div role="gridcell" class={`c-state s-${state}`}>
        {words.states[state]}
        {row.trouble !== null && (
          <bdi class="trouble" title={tame(row.trouble)}>
            {tame(row.trouble)}
          </bdi>
        )}
      </div>
      <div role="gridcell" class="c-progress">
        <progress max={1} value={row.progress} aria-hidden="true" />
        <span>{format.percent(row.progress)}</span>
      </div>
      <div role="gridcell" class="c-size">{row.nameless ? "–" : format.size(row.size)}</div>
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
function mark(event: MouseEvent, onChoose: RowProps["onChoose"]): void {
  event.stopPropagation();
  onChoose("toggle");
}
