/** A process of its own: locks a torrent, says so, and holds it until it is killed. */
import { lockTorrent } from "../../../src/storage/mod.ts";

const [folder, hash] = Deno.args;
try {
  lockTorrent(folder!, hash!);
  await Deno.stdout.write(new TextEncoder().encode("locked\n"));
  await Deno.stdin.read(new Uint8Array(1));
} catch {
  await Deno.stdout.write(new TextEncoder().encode("refused\n"));
}
