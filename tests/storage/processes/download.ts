/** A process of its own: goes on with the sample torrent as a session would, until it is done or killed. */
import { Bitfield, infoHash } from "../../../src/base/mod.ts";
import { DiskClient, resumePlan, StateDb } from "../../../src/storage/mod.ts";
import { CRASH_HASH, crashSample } from "../crash_sample.ts";

const folder = Deno.args[0]!;
const hash = infoHash(CRASH_HASH);
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const sample = await crashSample();
const { pieceCount } = sample.layout.geometry;
const state = new StateDb(folder, (message) => say(`warning ${message}`));
const client = await DiskClient.start(folder);
const store = await client.open(sample.layout, { overwrite: false, preallocate: false });

const record = state.load(hash, pieceCount);
state.add(hash, "t", pieceCount, null);
const plan = resumePlan(record, await store.inspect(), sample.layout);
const good = plan.trusted.clone();
for (const piece of await store.check(plan.recheck)) good.add(piece);
for (const piece of record?.good ?? []) if (!good.has(piece)) say(`lost ${piece}`);
const intent = new Bitfield(pieceCount);
for (const piece of good) intent.add(piece);
state.saveGood(hash, good, intent);
say(`start ${good.count}`);

for (let piece = 0; piece < pieceCount; piece++) {
  if (good.has(piece)) continue;
  intent.add(piece);
  state.saveIntent(hash, intent);
  await store.write(piece, sample.piece(piece));
  if (piece % 4 === 3) {
    await store.sync();
    for (const done of intent) good.add(done);
    state.saveGood(hash, good, intent);
    say(`good ${good.count}`);
  }
}
await store.sync();
await store.finish();
state.saveGood(hash, intent, intent);
state.close();
await client.close();
say("done");
