/** A failure that waiting longer cannot mend, such as a process that has ended. */
export class Hopeless extends Error {}

/** How often a condition is looked at, in milliseconds. */
const POLL_MS = 100;

/**
 * Looks at `condition` until it answers something, and answers that. A throw counts as "not yet"
 * (a server that does not listen so far), except {@linkcode Hopeless}, which ends the wait.
 * After `seconds` the error says what was awaited, the last throw, and what `explain` has to tell.
 */
export async function until<T>(
  what: string,
  seconds: number,
  condition: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  explain: () => string | Promise<string> = () => "",
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let last = "";
  do {
    try {
      const answer = await condition();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = "";
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof Hopeless) {
        throw new Error(`Expected ${what}: ${message}\n${await explain()}`, { cause: error });
      }
      last = `; last error: ${message}`;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  } while (performance.now() < deadline);
  throw new Error(`Expected ${what} within ${seconds} s${last}\n${await explain()}`);
}
