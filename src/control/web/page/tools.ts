/** What every part of the page uses. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Format } from "./format.ts";
import type { Notices } from "./notices.ts";
import type { Rpc } from "./rpc.ts";
import type { Words } from "./words.ts";

/** Words, figures, their language, calls, and what the reader is told. */
export interface Tools {
  readonly words: Words;
  readonly format: Format;
  /** The language that was chosen here; null: it is the browser's. */
  readonly language: string | null;
  readonly speak: (language: string | null) => void;
  /** Letters and signs alone are commands. */
  readonly letterKeys: boolean;
  readonly setLetterKeys: (isOn: boolean) => void;
  readonly rpc: Rpc;
  readonly notices: Notices;
  /** Waits for a call; says what is wrong and resolves with null when it fails. */
  readonly attempt: <T>(call: Promise<T>) => Promise<T | null>;
}

const Context = createContext<Tools | null>(null);

export const ToolsProvider = Context.Provider;

/** The tools of the page. */
export function useTools(): Tools {
  const tools = useContext(Context);
  if (tools === null) throw new Error("Expected tools around every part of the page");
  return tools;
}
