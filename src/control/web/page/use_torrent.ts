import { useEffect, useRef, useState } from "preact/hooks";
import { useTools } from "./tools.ts";

/** Milliseconds between two looks at a torrent that is open. */
const INTERVAL_MS = 2_000;

/** Which fields are asked; as a function, which they are by now. */
type Fields<T> = readonly (keyof T & string)[] | (() => readonly (keyof T & string)[]);

/** Fields of a torrent, asked again while they show. `undefined`: not known yet; null: it is gone. */
export function useTorrent<T>(
  id: number,
  fields: Fields<T>,
): { readonly torrent: T | null | undefined; readonly refresh: () => void } {
  const { rpc } = useTools();
  const [torrent, setTorrent] = useState<T | null | undefined>(undefined);
  const look = useRef(() => {});
  useEffect(() => {
    let timer = 0;
    let isOver = false;
    look.current = async () => {
      clearTimeout(timer);
      try {
        if (!document.hidden) {
          const found = await rpc.call<{ torrents: T[] }>("torrent-get", {
            ids: [id],
            fields: typeof fields === "function" ? fields() : fields,
          });
          if (!isOver) setTorrent(found.torrents[0] ?? null);
        }
      } catch {
        // the stream of figures says that the connection is lost
      }
      clearTimeout(timer);
      if (!isOver) timer = setTimeout(look.current, INTERVAL_MS);
    };
    look.current();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [id]);
  return { torrent, refresh: () => look.current() };
}
