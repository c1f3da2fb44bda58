/** A torrent of `tm create -w`, which names a web server (BEP 19) and nobody else. */
import { fromFileUrl } from "@std/path";
import { SMALL_FILE } from "../harness/payload.ts";
import { compare, READY_SECONDS } from "../harness/proof.ts";
import { makeTorrent } from "../harness/torrent.ts";
import { until } from "../harness/until.ts";
import type { Attempt } from "./lab.ts";
import { describe } from "./transfer.ts";

const SECONDS = 90;

/** The client has nothing but that server. */
export const webseedUp: Attempt = async (trial) => {
  const { lab, folder } = trial;
  const { address } = lab.services;
  const payload = await trial.payload(SMALL_FILE);
  const script = fromFileUrl(new URL("../python/web_server.py", import.meta.url));
  const command = ["/usr/bin/python3", script, address, payload.folder];
  await using stack = new AsyncDisposableStack();
  const server = lab.services.start({ name: "web", command, folder });
  stack.defer(async () => void await server.stop());
  const port = await until("the web server", READY_SECONDS, () => {
    server.assertRunning();
    return /^port (\d+)$/m.exec(server.stdout())?.[1];
  }, () => server.tail());
  const web = ["-w", `http://${address}:${port}/${payload.name}`];
  const torrent = await makeTorrent("tm", lab.tm, payload, null, 64 * 1024, web);
  await Deno.mkdir(`${folder}/client`);
  await lab.client.addTorrent(torrent, `${folder}/client`, false);
  const has = () => lab.client.isSeeding(torrent);
  const report = async () => `${server.tail()}\n${await describe(trial, torrent)}`;
  await until(`${lab.kind.name} to have it`, SECONDS, has, report);
  await compare(payload, `${folder}/client`, lab.kind);
};
