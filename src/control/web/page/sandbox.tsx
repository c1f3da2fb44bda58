import { useEffect, useState } from "preact/hooks";
import type { Receipt } from "../../receipt.ts";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";

/** What each part of the manager's process may touch. */
export function Sandbox() {
  const { words, rpc, attempt } = useTools();
  const { sandbox: word } = words;
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  useEffect(() => {
    void attempt(rpc.call<{ parts: Receipt }>("receipt"))
      .then((answer) => setReceipt(answer?.parts ?? []));
  }, []);
  if (receipt === null) return <p>{words.loading}</p>;
  return (
    <>
      <p class="quiet">{word.text}</p>
      {receipt.map(({ part, rights }) => (
        <section key={part} class="part">
          <h3>{word.parts[part]}</h3>
          <dl>
            {rights.map(({ name, state, only }) => (
              <div key={name}>
                <dt>{word.rights[name]}</dt>
                <dd>
                  {only.length === 0 ? word[state] : only.map((each) => (
                    <code key={each}>
                      <bdi>{tame(each)}</bdi>
                    </code>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}
