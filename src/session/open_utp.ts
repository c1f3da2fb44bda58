import { traceOf } from "../base/mod.ts";
import { UtpCarrier, UtpDoor } from "../net/mod.ts";
import type { SessionContext } from "./context.ts";
import type { Incoming } from "./incoming.ts";

/** What of a session its uTP needs, the rest of {@linkcode SessionContext} being made after it. */
type Parts = Pick<SessionContext, "options" | "now" | "random" | "port" | "udp" | "emit">;

/** uTP of a session; null when it is off or there is no UDP. `incoming` takes in who calls. */
export function openUtp(
  { options, now, random, port, udp, emit }: Parts,
  incoming: () => Incoming,
  track: (work: Promise<unknown>) => void,
): UtpDoor | null {
  if (options.utp === false || udp === null) return null;
  return new UtpDoor(udp, {
    random,
    now,
    take: port === null ? null : (stream) => {
      track(incoming().take(new UtpCarrier(stream), stream.remote));
      return stream.end === null;
    },
    fault: (error) => {
      emit({ type: "warning", torrent: null, message: `Internal fault in uTP: ${traceOf(error)}` });
    },
  });
}
