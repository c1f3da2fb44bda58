import { useEffect, useRef, useState } from "preact/hooks";
import { Messages } from "./messages.tsx";
import type { Model } from "./model.ts";
import { useTools } from "./tools.ts";

/** Figures of all together, and what was said last. */
export function Footer(
  { model, shown, chosen }: {
    readonly model: Model;
    readonly shown: number;
    readonly chosen: number;
  },
) {
  const { words, format, notices } = useTools();
  const { totals, rows } = model;
  const [told, tell] = useState("");
  const chosenBefore = useRef(0);
  useEffect(() => {
    // of one row the list says itself whether it is chosen
    const isMany = Math.max(chosen, chosenBefore.current) > 1;
    chosenBefore.current = chosen;
    tell(isMany ? words.selected(format.counted(chosen)) : "");
  }, [chosen]);
  return (
    <footer>
      <span class="figures">
        <span>↓ {format.size(totals.down)}/s</span>
        <span>↑ {format.size(totals.up)}/s</span>
        <span>{words.count(format.counted(shown), format.counted(rows.size))}</span>
        {chosen > 0 && <span>{words.selected(format.counted(chosen))}</span>}
        <span class="wide">{words.peersNow(format.counted(totals.peers))}</span>
        <span class="wide">{words.dhtNodes(format.counted(totals.dhtNodes))}</span>
        {totals.free !== null && <span class="wide">{words.free(format.size(totals.free))}</span>}
        {totals.slow && <strong>{words.slowOn}</strong>}
      </span>
      <span role="status" class="unseen">{told}</span>
      <Messages since={notices.isAsking ? Infinity : 0} />
    </footer>
  );
}
