/** Peer exchange: a third peer, which one knows by the tracker, is made known to the other. */
import { ONE_FILE } from "../harness/payload.ts";
import { announced } from "../harness/proof.ts";
import { TmGet, TmSeed } from "../harness/tm.ts";
import { makeTorrent, type Torrent } from "../harness/torrent.ts";
import { until } from "../harness/until.ts";
import type { Attempt, Trial } from "./lab.ts";
import { describe } from "./transfer.ts";

/** Some tell for the first time after a minute and a half, rtorrent after two or more. */
const SECONDS = 280;
const CONNECT_SECONDS = 60;
/** So slow that nobody is through before: two seeds would leave each other. */
const SLOW = ["--max-upload-limit", "64K"];
const QUIET = "--no-pex";

/** The client knows the third peer; tm knows the client alone. */
export const pexDown: Attempt = async (trial) => {
  const { lab, folder, host } = trial;
  const { told, bare, source } = await torrents(trial);
  const third = await lab.network.addHost();
  await using seed = new TmSeed(third, lab.tm, told, source, folder, [QUIET, ...SLOW]);
  await announced(lab.tracker, told, () => seed.assertRunning(), () => seed.tail());
  await Deno.mkdir(`${folder}/client`);
  await lab.client.addTorrent(told, `${folder}/client`, false);
  await meets(trial, told, third.address, CONNECT_SECONDS);
  const peer = ["--peer", `${lab.theirs.address}:${lab.client.port}`];
  await using get = new TmGet(host, lab.tm, bare, `${folder}/tm`, folder, peer);
  await until(`tm to meet ${third.address}, told by ${lab.kind.name}`, SECONDS, () => {
    get.assertRunning();
    return get.hasMet(third.address);
  }, async () => `${get.tail()}\n${await describe(trial, told)}`);
};

/** tm knows the third peer; the client knows tm alone. */
export const pexUp: Attempt = async (trial) => {
  const { lab, folder, host } = trial;
  const { told, bare, source } = await torrents(trial);
  const third = await lab.network.addHost();
  await using seed = new TmSeed(host, lab.tm, told, source, folder, SLOW);
  await announced(lab.tracker, told, () => seed.assertRunning(), () => seed.tail());
  const peer = ["--peer", `${host.address}:${await seed.port()}`, QUIET, ...SLOW];
  await using get = new TmGet(third, lab.tm, bare, `${folder}/tm`, folder, peer);
  await until("tm to meet the third peer", CONNECT_SECONDS, () => {
    get.assertRunning();
    return get.hasMet(host.address);
  }, () => `${seed.tail()}\n${get.tail()}`);
  await Deno.mkdir(`${folder}/client`);
  await lab.client.addTorrent(told, `${folder}/client`, false);
  await meets(trial, told, third.address, SECONDS, () => `${seed.tail()}\n${get.tail()}`);
};

async function meets(
  trial: Trial,
  torrent: Torrent,
  address: string,
  seconds: number,
  report: () => string = () => "",
): Promise<void> {
  const { client, kind } = trial.lab;
  await until(
    `${kind.name} to meet ${address}`,
    seconds,
    async () => (await client.peers(torrent)).includes(address),
    async () => `${report()}\n${await describe(trial, torrent)}`,
  );
}

/** Two torrents with one info hash: one with the tracker, one that names nobody. */
async function torrents(trial: Trial): Promise<{ told: Torrent; bare: Torrent; source: string }> {
  const { lab, folder } = trial;
  const payload = await trial.payload(ONE_FILE);
  const bare = await makeTorrent("tm", lab.tm, payload, null, 256 * 1024);
  // `announce` is the first of a dictionary's keys in their order.
  const { url } = lab.tracker;
  const start = new TextEncoder().encode(`d8:announce${url.length}:${url}`);
  const bytes = new Uint8Array(start.length + bare.bytes.length - 1);
  bytes.set(start);
  bytes.set(bare.bytes.subarray(1), start.length);
  const path = `${folder}/told.torrent`;
  await Deno.writeFile(path, bytes);
  return { told: { ...bare, path, bytes }, bare, source: payload.folder };
}
