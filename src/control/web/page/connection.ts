/**
 * How the stream of live figures stands: not here yet, here, lost, or refused, because too many pages are open (`full`),
 * the manager has a fault, does not go by the name it was called by (`host`), or serves its own machine alone (`machine`).
 */
export type Connection = "connecting" | "live" | "lost" | Refused;

/** Why it was refused; what the reader can do differs. */
export type Refused = "full" | "fault" | "host" | "machine";

/** What a status of its answer means; what passes by itself, like the end of the manager, is a connection that is lost. */
export function refusalOf(status: number): Refused | "lost" {
  switch (status) {
    case 403:
      return "machine";
    case 421:
      return "host";
    case 429:
      return "full";
    case 500:
      return "fault";
    default:
      return "lost";
  }
}
