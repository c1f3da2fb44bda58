import type { UdpPort } from "../../net/mod.ts";
import type { SessionContext } from "../context.ts";
import { SessionDht } from "./session_dht.ts";

/** What of a session its DHT needs, the rest of {@linkcode SessionContext} being made after it. */
type Parts = Pick<
  SessionContext,
  "options" | "now" | "random" | "place" | "policy" | "port" | "doorway"
>;

/** The DHT of a session; null when it is off or there is no UDP. Nothing is sent before it begins. */
export function openDht(
  { options, now, random, place, policy, port, doorway }: Parts,
  udp: UdpPort | null,
  resolve: (name: string) => Promise<readonly string[]>,
  plan: (at: number) => void,
): SessionDht | null {
  if (options.dht === null || udp === null) return null;
  const readOnly = port === null;
  return new SessionDht(options.dht, {
    udp,
    nodePort: () => doorway.udpPort,
    memory: place,
    policy,
    random,
    now,
    readOnly,
    resolve,
    plan,
  });
}
