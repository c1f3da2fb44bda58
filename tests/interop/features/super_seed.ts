/** Super seeding (BEP 16): one seed that shows its pieces one by one, two downloaders. */
import { type Payload, SMALL_FILE } from "../harness/payload.ts";
import { announced, compare, READY_SECONDS } from "../harness/proof.ts";
import { TmGet, TmSeed } from "../harness/tm.ts";
import { makeTorrent, type Torrent } from "../harness/torrent.ts";
import { until } from "../harness/until.ts";
import type { Attempt, Trial } from "./lab.ts";
import { describe } from "./transfer.ts";

/** rtorrent serves another downloader only after half a minute, and again so for each piece or two. */
const SECONDS = 240;
const PIECE_LENGTH = 256 * 1024;

/** The client is the seed of two `tm`. */
export const superSeedDown: Attempt = async (trial) => {
  const { lab, folder, host } = trial;
  const { payload, torrent } = await prepare(trial);
  const report = () => describe(trial, torrent);
  await lab.client.addTorrent(torrent, payload.folder, true);
  const seeds = () => lab.client.isSeeding(torrent);
  await until(`${lab.kind.name} to seed`, READY_SECONDS, seeds, report);
  await lab.client.superSeed?.(torrent);
  await announced(lab.tracker, torrent, () => {}, report);
  const other = await lab.network.addHost();
  await using first = get(trial, torrent, host, "first");
  await using second = get(trial, torrent, other, "second");
  for (const one of [first, second]) {
    const both = async () => `${first.tail()}\n${second.tail()}\n${await report()}`;
    await until("both downloads", SECONDS, () => one.isDone(), both);
  }
  for (const name of ["first", "second"]) await compare(payload, `${folder}/${name}/data`);
};

/** `tm` is the seed of the client and another `tm`. */
export const superSeedUp: Attempt = async (trial) => {
  const { lab, folder, host } = trial;
  const { payload, torrent } = await prepare(trial);
  const options = ["--super-seed", "--no-pex"];
  await using seed = new TmSeed(host, lab.tm, torrent, payload.folder, folder, options);
  await announced(lab.tracker, torrent, () => seed.assertRunning(), () => seed.tail());
  await using other = get(trial, torrent, await lab.network.addHost(), "other");
  await Deno.mkdir(`${folder}/client`);
  await lab.client.addTorrent(torrent, `${folder}/client`, false);
  const report = async () => `${seed.tail()}\n${other.tail()}\n${await describe(trial, torrent)}`;
  await until(`${lab.kind.name} to have it`, SECONDS, () => {
    seed.assertRunning();
    return lab.client.isSeeding(torrent);
  }, report);
  await until("tm to have it", SECONDS, () => other.isDone(), report);
  await compare(payload, `${folder}/client`, lab.kind);
  await compare(payload, `${folder}/other/data`);
};

function get({ lab, folder }: Trial, torrent: Torrent, host: Trial["host"], name: string): TmGet {
  const place = `${folder}/${name}`;
  return new TmGet(host, lab.tm, torrent, `${place}/data`, place, ["--no-pex"]);
}

async function prepare(trial: Trial): Promise<{ payload: Payload; torrent: Torrent }> {
  const { lab } = trial;
  const payload = await trial.payload(SMALL_FILE);
  const torrent = await makeTorrent("tm", lab.tm, payload, lab.tracker.url, PIECE_LENGTH);
  return { payload, torrent };
}
