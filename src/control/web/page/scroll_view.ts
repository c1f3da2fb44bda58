import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** What of a box that scrolls is seen, in pixels. */
export interface ScrollView {
  readonly top: number;
  readonly height: number;
  /** Looks again: for the box's `onScroll`. */
  readonly look: () => void;
}

/** Watches a box, of which only what is in view is drawn. */
export function useScrollView(box: RefObject<HTMLElement | null>): ScrollView {
  const [view, setView] = useState({ top: 0, height: 600 });
  const look = () => {
    const { current } = box;
    if (current !== null) setView({ top: current.scrollTop, height: current.clientHeight });
  };
  useLayoutEffect(() => {
    look();
    const observer = new ResizeObserver(look);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return { ...view, look };
}

/** Lines to go by a key, null: it is none that goes. `page`: lines in view, `all`: lines there are. */
export function stepOf(key: string, page: number, all: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -all,
    End: all,
  };
  return Object.hasOwn(steps, key) ? steps[key] ?? null : null;
}
