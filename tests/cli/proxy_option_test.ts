import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { forgetProxyVariables, PROXY_VARIABLES } from "../../src/cli/proxy_variables.ts";
import { World } from "./world.ts";

/** An environment of values; what is in `locked` may not be touched. */
function variables(values: Record<string, string>, locked: readonly string[] = []) {
  const left = new Map(Object.entries(values));
  const check = (name: string) => {
    if (locked.includes(name)) throw new Deno.errors.NotCapable(name);
  };
  return {
    left,
    get(name: string) {
      check(name);
      return left.get(name);
    },
    delete(name: string) {
      check(name);
      left.delete(name);
    },
  };
}

Deno.test("proxy variables: all are taken out, and the first that names a proxy is told", () => {
  const all = variables(
    Object.fromEntries([...PROXY_VARIABLES, "HOME"].map((name) => [name, "x"])),
  );
  assertEquals(forgetProxyVariables(all), { gone: true, named: "ALL_PROXY" });
  assertEquals([...all.left.keys()], ["HOME"]);
  const exceptions = { NO_PROXY: "*", no_proxy: "*", http_proxy: "" };
  assertEquals(forgetProxyVariables(variables(exceptions)), { gone: true, named: null });
  const one = variables({ https_proxy: "http://p:1" });
  assertEquals(forgetProxyVariables(one), { gone: true, named: "https_proxy" });
});

Deno.test("proxy variables: what may not be touched is there, as far as anybody knows", () => {
  const some = variables({ HTTP_PROXY: "http://p:1" }, ["no_proxy"]);
  assertEquals(forgetProxyVariables(some), { gone: false, named: "HTTP_PROXY" });
  const rest = PROXY_VARIABLES.slice(2);
  assertEquals(forgetProxyVariables(variables({}, rest)), { gone: true, named: null });
});

/** Where requests go in a process with this environment, by who answers. */
async function processWith(env: Record<string, string>, origin: string, proxy: string) {
  const cache = await Deno.makeTempDir();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-lock", "--unstable-worker-options", "--allow-net"],
      `--allow-env=${PROXY_VARIABLES.join(",")}`,
      fromFileUrl(new URL("./processes/http_ways.ts", import.meta.url)),
      ...[origin, proxy],
    ],
    // whoever runs the tests may have such variables too
    clearEnv: true,
    env: { DENO_DIR: cache, ...env },
  }).output();
  await Deno.remove(cache, { recursive: true });
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return JSON.parse(text.decode(stdout)) as Record<string, unknown>;
}

Deno.test("proxy variables: once forgotten, a request goes where it is told to, in every thread", async () => {
  const listen = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const place = ({ addr: { port } }: Deno.HttpServer<Deno.NetAddr>) => `http://127.0.0.1:${port}/`;
  // a request by way of a proxy names the whole URL, which is all that tells the two apart here
  await using origin = Deno.serve(listen, () => new Response("direct"));
  await using proxy = Deno.serve(listen, () => new Response("proxy"));
  await using other = Deno.serve(listen, () => new Response("another proxy"));
  const [from, by] = [place(origin), place(proxy)];
  const after = { state: "prompt", after: ["direct", "proxy"], thread: "proxy" };
  assertEquals(await processWith({ no_proxy: "127.0.0.1" }, from, by), {
    before: ["direct", "direct"],
    forgotten: { gone: true, named: null },
    ...after,
  });
  assertEquals(await processWith({ HTTP_PROXY: place(other) }, from, by), {
    before: ["another proxy", "proxy"],
    forgotten: { gone: true, named: "HTTP_PROXY" },
    ...after,
  });
});

Deno.test("proxy variables: deno task tm may touch them and nothing else of the environment", async () => {
  const text = await Deno.readTextFile(new URL("../../deno.json", import.meta.url));
  const { tasks: { tm } } = JSON.parse(text) as { tasks: Record<string, string> };
  const granted = tm!.split(" ").filter((word) => /^(-A|--allow-(all|env))/.test(word));
  assertEquals(granted, [`--allow-env=${PROXY_VARIABLES.join(",")}`]);
});

Deno.test("--proxy: refused where the environment may lead beside it", async () => {
  const world = new World();
  world.proxyVariables = { gone: false, named: null };
  assertEquals(await world.run("get", "a.torrent", "--proxy", "socks5://127.0.0.1"), 28);
  assertEquals(world.log, []);
});

Deno.test("a proxy that only the environment names is told of, as it is not followed", async () => {
  const note = "ALL_PROXY in the environment is not followed: name a proxy with --proxy\n";
  const said = async (...args: string[]) => {
    const world = new World();
    world.proxyVariables = { gone: true, named: "ALL_PROXY" };
    await world.run(...args);
    return world.stderr.text.includes(note);
  };
  const url = "http://example.org/none.torrent";
  for (const command of ["get", "info", "add"]) assertEquals(await said(command, url), true);
  assertEquals(await said("get", "-q", url), false);
  assertEquals(await said("get", "--proxy", "socks5://127.0.0.1", url), false);
  // where nothing is fetched it would only puzzle
  const magnet = `magnet:?xt=urn:btih:${"a".repeat(40)}`;
  for (const [command, local] of [["info", false], ["add", true]] as const) {
    assertEquals(await said(command, "none.torrent"), false);
    assertEquals(await said(command, "-"), false);
    assertEquals(await said(command, "none.torrent", url), true);
    // whom `tm add` hands the link to has a proxy of its own
    assertEquals(await said(command, magnet), !local);
    assertEquals(await said(command, "b".repeat(40)), !local);
  }
  assertEquals(await said("get", "none.torrent"), true);
  assertEquals(await said("info", "--scrape", "none.torrent"), true);
});

for (const command of ["get", "info", "add"]) {
  Deno.test(`tm ${command} --proxy fetches a URL through it`, async () => {
    const world = new World();
    const url = "http://example.org/a.torrent";
    assertEquals(await world.run(command, url, "--proxy", "socks5://me:pw@127.0.0.1"), 3);
    assertEquals(world.log, [`fetch ${url} through socks5://127.0.0.1:1080`]);
  });
}
