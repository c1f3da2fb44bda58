/** What was found, in words: a subject, a sentence, and what to do. */
import type { Finding } from "./api.ts";

/** It works. */
export function ok(subject: Finding["subject"], text: string): Finding {
  return { subject, state: "ok", text, advice: "" };
}

/** It works, and could be better. */
export function warning(subject: Finding["subject"], text: string, advice: string): Finding {
  return { subject, state: "warning", text, advice };
}

/** It does not work. */
export function bad(subject: Finding["subject"], text: string, advice: string): Finding {
  return { subject, state: "bad", text, advice };
}
