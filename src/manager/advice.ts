import type { Cause } from "../session/mod.ts";

/** What a session advises in the options of `tm get`, and what that is where a manager is driven by commands. */
const WORDS: readonly (readonly [get: string, here: string])[] = [
  ["a peer you know can be named with --peer HOST:PORT", "tm trackers ID --add URL adds another"],
  [
    "name one that you trust with --peer HOST:PORT",
    "add a tracker near by: tm trackers ID --add URL",
  ],
  ["name a peer with --peer HOST:PORT", "add a tracker: tm trackers ID --add URL"],
  [
    "or name a server that has the files with --webseed URL",
    "or add a tracker: tm trackers ID --add URL",
  ],
  ["name it with --webseed URL", "fetch it with tm get --webseed URL"],
  ["raise --max-upload-limit", "raise it with tm limit"],
  ["raise --max-download-limit", "raise it with tm limit"],
  [
    "--connect-timeout ends those that nobody answers",
    "those that nobody answers end by themselves",
  ],
];

/** Causes with advice that somebody who drives a manager can follow. */
export function advised(causes: readonly Cause[]): Cause[] {
  return causes.map((cause) => {
    let { advice } = cause;
    for (const [get, here] of WORDS) advice = advice.replace(get, here);
    return { ...cause, advice };
  });
}
