import { useEffect, useState } from "preact/hooks";

/** A field's text while somebody types: what is known may be told again meanwhile, and must not take its place. */
export function useDraft(value: string): {
  readonly shown: string;
  readonly type: (text: string) => void;
  /** It was given, and is shown until it is known. */
  readonly give: () => void;
  readonly leave: () => void;
} {
  const [draft, setDraft] = useState<string | null>(null);
  const [isGiven, setGiven] = useState(false);
  useEffect(() => {
    setDraft(null);
    setGiven(false);
  }, [value]);
  return {
    shown: draft ?? value,
    type: setDraft,
    give: () => setGiven(true),
    leave: () => {
      if (!isGiven) setDraft(null);
    },
  };
}
