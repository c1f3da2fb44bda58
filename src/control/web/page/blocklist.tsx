import { useState } from "preact/hooks";
import { useTools } from "./tools.ts";

/** How many rules the list of blocked addresses has, and a way to fetch it again. */
export function Blocklist({ size }: { readonly size: number }) {
  const { words, format, rpc, attempt } = useTools();
  const { session: word } = words;
  const [fetched, setFetched] = useState<number | null>(null);
  const update = async () => {
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
