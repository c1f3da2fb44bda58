import { useEffect, useState } from "preact/hooks";
import { isolated } from "./format.ts";
import { Sentence } from "./sentence.tsx";
import { useTools } from "./tools.ts";

/** What a newcomer sees. */
export function Empty({ onAdd }: { readonly onAdd: () => void }) {
  const { words, rpc } = useTools();
  const [folder, setFolder] = useState<string | null>(null);
  useEffect(() => {
    rpc.call<{ "download-dir": string }>("session-get", { fields: ["download-dir"] }).then(
      (session) => setFolder(session["download-dir"]),
      // it is only a hint
      () => {},
    );
  }, []);
  return (
    <section class="empty">
      <h2>{words.emptyTitle}</h2>
      <p>{words.emptyText}</p>
      <p>
        <button type="button" class="primary" onClick={onAdd}>{words.add}</button>
      </p>
      {folder !== null && (
        <p class="quiet">
          <Sentence text={words.emptyWhere(isolated(folder))} />
        </p>
      )}
    </section>
  );
}

/** The filter leaves nothing. */
export function NothingFound({ onAll }: { readonly onAll: () => void }) {
  const { words } = useTools();
  return (
    <section class="empty">
      <p>{words.nothingFound}</p>
      <button type="button" onClick={onAll}>{words.showAll}</button>
    </section>
  );
}
