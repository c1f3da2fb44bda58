/** What a reader drops or pastes on the page, wherever that is. */
import { useEffect, useRef } from "preact/hooks";
import { linksIn } from "./links.ts";

/** Links and files that came and are not added yet; taken once. */
export interface Arrivals {
  links: string;
  files: File[];
  /** Told when more comes. */
  onMore: () => void;
}

/** Calls `onArrival` when something that could be a torrent came. */
export function useArrivals(onArrival: () => void): Arrivals {
  const arrivals = useRef<Arrivals>({ links: "", files: [], onMore: () => {} }).current;
  const tell = useRef(onArrival);
  tell.current = onArrival;
  useEffect(() => {
    const come = (links: string, files: readonly File[]) => {
      if (links === "" && files.length === 0) return;
      arrivals.links = [arrivals.links, links].filter((each) => each !== "").join("\n");
      arrivals.files = [...arrivals.files, ...files];
      tell.current();
      arrivals.onMore();
    };
    const onDragOver = (event: DragEvent) => event.preventDefault();
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      come(linksIn(event.dataTransfer?.getData("text/plain") ?? ""), [
        ...event.dataTransfer?.files ?? [],
      ]);
    };
    const onPaste = (event: ClipboardEvent) => {
      // in a field it is for the field
      const { target } = event;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
      come(linksIn(event.clipboardData?.getData("text/plain") ?? ""), [
        ...event.clipboardData?.files ?? [],
      ]);
    };
    document.addEventListener("dragover", onDragOver);
    document.addEventListener("drop", onDrop);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("dragover", onDragOver);
      document.removeEventListener("drop", onDrop);
      document.removeEventListener("paste", onPaste);
    };
  }, []);
  return arrivals;
}
