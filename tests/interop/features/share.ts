/** `tm share`: its link, with its own tracker, is all that the client is given. */
import { SMALL_FILE } from "../harness/payload.ts";
import { compare, READY_SECONDS } from "../harness/proof.ts";
import { until } from "../harness/until.ts";
import type { Attempt } from "./lab.ts";
import { describe } from "./transfer.ts";

const SECONDS = 90;

/** The client downloads what is shared. */
export const shareUp: Attempt = async (trial) => {
  const { lab, folder, host } = trial;
  const payload = await trial.payload(SMALL_FILE);
  await using stack = new AsyncDisposableStack();
  const path = `${payload.folder}/${payload.name}`;
  const command = [lab.tm, "share", path, "--json", "-v", "--no-dht", "--no-lsd", "--no-pex"];
  const share = host.start({ name: "tm-share", command, folder, cwd: folder });
  stack.defer(async () => void await share.stop());
  const { magnet } = await until("a link", READY_SECONDS, () => {
    share.assertRunning();
    return share.events().find(({ type }) => type === "shared");
  }, () => share.tail());
  const link = String(magnet);
  const infoHash = /urn:btih:([0-9a-f]{40})/.exec(link)?.[1];
  if (infoHash === undefined) throw new Error(`Expected an info hash in ${link}`);
  const torrent = { path: link, bytes: new Uint8Array(), infoHash, name: payload.name };
  await Deno.mkdir(`${folder}/client`);
  await lab.client.addMagnet(link, torrent, `${folder}/client`);
  await until(`${lab.kind.name} to have it`, SECONDS, () => {
    share.assertRunning();
    return lab.client.isSeeding(torrent);
  }, async () => `${share.tail()}\n${await describe(trial, torrent)}`);
  await compare(payload, `${folder}/client`, lab.kind);
};
