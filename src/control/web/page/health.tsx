import { useState } from "preact/hooks";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";

interface Finding {
  readonly state: string;
  readonly text: string;
  readonly advice: string;
}

/** The port, and what `doctor` finds. */
export function Health({ port }: { readonly port: number | null }) {
  const { words, rpc, attempt } = useTools();
  const { session: word } = words;
  const [verdict, setVerdict] = useState("");
  const [findings, setFindings] = useState<readonly Finding[] | null>(null);
  const test = async () => {
    setVerdict(words.loading);
    const answer = await attempt(rpc.call<{ "port-is-open": boolean }>("port-test"));
    setVerdict(
      answer === null ? words.unknown : answer["port-is-open"] ? word.portOpen : word.portClosed,
    );
  };
  const look = async () => {
    const answer = await attempt(rpc.call<{ findings: readonly Finding[] }>("doctor"));
    if (answer !== null) setFindings(answer.findings);
  };
  return (
    <>
      <p>
        {word.port}: {port ?? word.noPort}{" "}
        <button type="button" onClick={() => void test()}>{word.testPort}</button>{" "}
        <span role="status">{verdict}</span>
      </p>
      <button type="button" onClick={() => void look()}>{word.doctor}</button>
      <ul class="findings" aria-live="polite">
        {findings?.map(({ state, text, advice }, index) => (
          <li key={index} class={`f-${state}`}>
            <bdi>{tame(text)}</bdi>
            {advice !== "" && (
              <small>
                <bdi>{tame(advice)}</bdi>
              </small>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
