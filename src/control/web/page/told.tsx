/** Sentences of the manager on the page. */
import type { RowTrouble } from "../row.ts";
import { tame } from "./format.ts";
import { type Advised, said, type Sayings, type Values } from "./said.ts";
import { English, plain, Sentence } from "./sentence.tsx";
import { useTools } from "./tools.ts";

/** A sentence and what to do, as the manager tells them: by a code with values, and in English. */
export interface ToldAdvice {
  readonly values: Values;
  readonly text: string;
  /** Empty: nothing. */
  readonly advice: string;
}

/** A likely cause of a wait. */
export interface CauseFacts extends ToldAdvice {
  readonly cause: string;
}

/** It in the reader's words, in English where there are none. */
export function Told(
  { sayings, code, told }: {
    readonly sayings: Sayings<Advised>;
    readonly code: string;
    readonly told: ToldAdvice;
  },
) {
  const { format } = useTools();
  const words = said(sayings, code, told.values, format);
  const [text, advice] = words ?? [told.text, told.advice];
  const Words = words === null ? English : Sentence;
  return (
    <>
      <Words text={text} />
      {advice !== "" && (
        <small>
          <Words text={advice} />
        </small>
      )}
    </>
  );
}

/** What is wrong with a torrent, all of it where it is pointed at. */
export function Trouble({ trouble }: { readonly trouble: RowTrouble }) {
  const { words, format } = useTools();
  const { code, values, text } = trouble;
  const own = said<string>(words.troubles, code, values, format);
  // what the system said is all there is to say of others
  const english = own === null || code === "other" ? text : "";
  return (
    <span class="trouble" title={[plain(own ?? ""), tame(english)].join(" ").trim()}>
      {own !== null && <Sentence text={own} />}
      {english !== "" && <English text={english} />}
    </span>
  );
}
