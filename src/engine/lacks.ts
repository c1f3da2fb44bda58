import type { Lack } from "../manager/mod.ts";
import { besideNoProxy, type EngineOptions } from "../session/mod.ts";

/** What a manager has not that is started so, by an option of its own or because of its proxy. */
export function lacksOf(engine: EngineOptions): Lack[] {
  const { dht, peerExchange = true, localDiscovery = false, tcp = true, utp = true, proxy } =
    besideNoProxy(engine);
  const has: Record<Lack, boolean> = {
    dht: dht !== null,
    pex: peerExchange,
    lsd: localDiscovery,
    portMapping: !proxy,
    tcp,
    // an HTTP proxy carries connections alone
    utp: utp && proxy?.scheme !== "http",
  };
  return (Object.keys(has) as Lack[]).filter((each) => !has[each]);
}
