/** Where requests go before and after the environment's word on proxies is forgotten, in this thread and in another. */
import { forgetProxyVariables } from "../../../src/cli/proxy_variables.ts";

const [url, proxy] = Deno.args as [string, string];

async function body(client: Deno.HttpClient): Promise<string> {
  using own = client;
  return await (await fetch(url, { client: own })).text().catch(String);
}

async function ways(): Promise<string[]> {
  return [
    await body(Deno.createHttpClient({})),
    await body(Deno.createHttpClient({ proxy: { transport: "http", url: proxy } })),
  ];
}

const WORKER = `onmessage = async ({ data: [url, proxy] }) => {
  using client = Deno.createHttpClient({ proxy: { transport: "http", url: proxy } });
  postMessage(await (await fetch(url, { client })).text());
};`;

async function inWorker(): Promise<string> {
  const options = { type: "module", deno: { permissions: { net: true } } } as const;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(WORKER)}`, options);
  const answer = Promise.withResolvers<string>();
  worker.onmessage = ({ data }: MessageEvent<string>) => answer.resolve(data);
  worker.postMessage([url, proxy]);
  try {
    return await answer.promise;
  } finally {
    worker.terminate();
  }
}

const before = await ways();
const forgotten = forgetProxyVariables();
Deno.permissions.revokeSync({ name: "env" });
const { state } = Deno.permissions.querySync({ name: "env", variable: "NO_PROXY" });
const after = await ways();
// deno-lint-ignore no-console -- for whoever started this
console.log(JSON.stringify({ before, forgotten, state, after, thread: await inWorker() }));
