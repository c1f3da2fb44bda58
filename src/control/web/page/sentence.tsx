import { tame } from "./format.ts";

/** Text that `isolated` has put into a sentence, and what is around it. */
const ISOLATED = /\u2068([^\u2068\u2069]*)\u2069/;

/** A sentence with a stranger's texts in it, each with a direction of its own. */
export function Sentence({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(ISOLATED).map((part, at) =>
        at % 2 === 1 ? <bdi key={at}>{tame(part)}</bdi> : tame(part)
      )}
    </>
  );
}

/** A sentence where there can be no elements, as in an attribute. */
export function plain(text: string): string {
  return text.replace(/[\u2068\u2069]/g, "");
}

/** A stranger's text alone. */
export function Foreign({ text }: { readonly text: string }) {
  return <bdi>{tame(text)}</bdi>;
}

/** What the manager says in English, where the page has no words for it. */
export function English({ text }: { readonly text: string }) {
  return <bdi lang="en">{tame(text)}</bdi>;
}
