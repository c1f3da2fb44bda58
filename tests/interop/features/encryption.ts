/** Encryption (MSE) as the client's user sets it, and tm's. */
import type { Client, Encryption } from "../clients/client.ts";
import type { NamespaceHost } from "../harness/namespace_host.ts";
import type { Attempt, Trial } from "./lab.ts";
import { down, up, type Way } from "./transfer.ts";

/** The attempts of a row; `options` are tm's. */
export function encrypted(
  encryption: Encryption,
  options: readonly string[] = [],
): { down: Attempt; up: Attempt } {
  const way: Way = { tracker: ({ tracker }) => tracker, options: () => options };
  return { down: withOwnClient(encryption, down(way)), up: withOwnClient(encryption, up(way)) };
}

/** Tries with a client that has this setting, on a host of its own. */
function withOwnClient(encryption: Encryption, attempt: Attempt): Attempt {
  return onOwnHost(
    (trial, theirs, own) => trial.lab.kind.start(theirs, own, undefined, encryption),
    attempt,
  );
}

/** Tries with a client that has everything but uTP, on a host of its own. */
export function withoutUtp(attempt: Attempt): Attempt {
  return onOwnHost(({ lab }, theirs, own) => {
    const { discovery } = lab;
    return lab.kind.start(theirs, own, { ...discovery, address6: theirs.address6, noUtp: true });
  }, attempt);
}

function onOwnHost(
  start: (trial: Trial, theirs: NamespaceHost, folder: string) => Promise<Client>,
  attempt: Attempt,
): Attempt {
  return async (trial) => {
    const { lab, folder } = trial;
    const theirs = await lab.network.addHost();
    const own = `${folder}/own`;
    await Deno.mkdir(own);
    await using client = await start(trial, theirs, own);
    await attempt({ ...trial, lab: { ...lab, client, theirs } });
  };
}
