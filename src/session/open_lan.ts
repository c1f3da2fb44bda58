import { LocalDiscovery } from "../net/mod.ts";
import type { EngineEvent } from "./api.ts";
import type { SessionContext } from "./context.ts";

/** What of a session its local discovery needs. */
type Parts = Pick<SessionContext, "options" | "now" | "random" | "policy" | "port">;

/** Local discovery of a session, null when it is off. It needs multicast, which many networks do without: no reason to worry anybody. */
export function openLan(
  { options, now, random, policy, port }: Parts,
  emit: (event: EngineEvent) => void,
  wake: () => void,
): LocalDiscovery | null {
  if (!options.localDiscovery) return null;
  return new LocalDiscovery({
    port,
    ipv6: policy.ipv6,
    random,
    now,
    wake,
    unavailable: (family, reason) => {
      if (!options.verbose) return;
      const name = family === "ipv4" ? "IPv4" : "IPv6";
      const message = `No multicast over ${name} here (${reason}): no local peers are found by it`;
      emit({ type: "warning", torrent: null, message });
    },
  });
}
