import { useState } from "preact/hooks";
import { Told, type ToldAdvice } from "./told.tsx";
import { useTools } from "./tools.ts";
import type { Words } from "./words.ts";

interface Finding extends ToldAdvice {
  readonly subject: keyof Words["subjects"];
  readonly state: keyof Words["conditions"];
  readonly code: string;
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
        {findings?.map((finding, index) => (
          <li key={index} class={`f-${finding.state}`}>
            <strong>{words.subjects[finding.subject]}: {words.conditions[finding.state]}.</strong>
            {" "}
            <Told sayings={words.findings} code={finding.code} told={finding} />
          </li>
        ))}
      </ul>
    </>
  );
}
