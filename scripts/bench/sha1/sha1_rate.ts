/**
 * What Web Crypto's SHA-1 can do on all cores: `sha1-rate BYTES` prints {"seconds"}. It is compiled as tm is,
 * onto the same runtime. A worker for each core hashes pieces of 1 MiB in its memory: Web Crypto copies its
 * input on the thread that calls it, so that one thread could not keep all cores busy.
 */
const bytes = Number(Deno.args[0]);
const cores = navigator.hardwareConcurrency;
const workers = Array.from(
  { length: cores },
  () => new Worker(new URL("./sha1_rate_worker.ts", import.meta.url), { type: "module" }),
);

function answer(worker: Worker): Promise<void> {
  return new Promise((resolve) => worker.onmessage = () => resolve());
}

function hash(worker: Worker, share: number): Promise<void> {
  worker.postMessage(share);
  return answer(worker);
}

// All of them run before the clock does.
await Promise.all(workers.map((worker) => answer(worker)));
const start = performance.now();
await Promise.all(workers.map((worker) => hash(worker, bytes / cores)));
const seconds = (performance.now() - start) / 1000;
Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify({ seconds })}\n`));
Deno.exit();
