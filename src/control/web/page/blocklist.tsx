import { useState } from "preact/hooks";
import { useTools } from "./tools.ts";

/** How many rules the list of blocked addresses has, and a way to fetch it again. */
export function Blocklist(
  { size, newUrl }: {
    readonly size: number;
    /** The address that was typed and is not saved yet; null: none was. */
    readonly newUrl: string | null;
  },
) {
  const { words, format, rpc, attempt } = useTools();
  const { session: word } = words;
  const [fetched, setFetched] = useState<number | null>(null);
  const update = async () => {
    // whoever asks for the list means that address, which the manager does not know yet
    if (newUrl !== null) {
      const saved = await attempt(rpc.call("session-set", { "blocklist-url": newUrl }));
      if (saved === null) return;
    }
    const answer = await attempt(rpc.call<{ "blocklist-size": number }>("blocklist-update"));
    if (answer !== null) setFetched(answer["blocklist-size"]);
  };
  return (
    <p>
      <button type="button" onClick={() => void update()}>{word.blocklistUpdate}</button>{" "}
      <span role="status">{word.blocklistSize(format.counted(fetched ?? size))}</span>
    </p>
  );
}
