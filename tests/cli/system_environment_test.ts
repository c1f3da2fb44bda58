import { assert, assertEquals, assertRejects } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import { InputTooLarge } from "../../src/cli/environment.ts";
import { fetchTorrent } from "../../src/cli/fetch_torrent.ts";
import { systemEnvironment } from "../../src/cli/system_environment.ts";

const env = systemEnvironment({
  locked: false,
  proxyVariables: { gone: true, named: null },
});

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("files are read to their bound and no further", () =>
  inFolder(async (folder) => {
    const bytes = new Uint8Array(200_000).fill(7);
    await Deno.writeFile(`${folder}/a`, bytes);
    assertEquals(await env.files.read(`${folder}/a`, 200_000), bytes);
    await assertRejects(() => env.files.read(`${folder}/a`, 199_999), InputTooLarge);
    await assertRejects(() => env.files.read(`${folder}/none`, 1), Deno.errors.NotFound);
    await assertRejects(() => env.files.read(folder, 1), Deno.errors.IsADirectory);
  }));

Deno.test("an endless device is given up at the bound", async () => {
  if (Deno.build.os !== "linux") return;
  const allowed = await Deno.permissions.query({ name: "read", path: "/dev/zero" });
  if (allowed.state !== "granted") return;
  await assertRejects(() => env.files.read("/dev/zero", 1_000_000), InputTooLarge);
});

Deno.test("a file is overwritten only when asked to", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    await env.files.write(path, utf8("1"), false);
    await assertRejects(() => env.files.write(path, utf8("2"), false), Deno.errors.AlreadyExists);
    assertEquals(await Deno.readTextFile(path), "1");
    await env.files.write(path, utf8("3"), true);
    assertEquals(await Deno.readTextFile(path), "3");
  }));

Deno.test("a dangling link exists", () =>
  inFolder(async (folder) => {
    assertEquals(await env.files.exists(`${folder}/a`), false);
    await Deno.symlink("nowhere", `${folder}/a`);
    assertEquals(await env.files.exists(`${folder}/a`), true);
  }));

Deno.test("a folder is made with those above it, once or again, but not over a file", () =>
  inFolder(async (folder) => {
    await env.files.makeFolder(`${folder}/a/b`);
    await env.files.makeFolder(`${folder}/a/b`);
    await Deno.writeTextFile(`${folder}/f`, "");
    await assertRejects(() => env.files.makeFolder(`${folder}/f`), Deno.errors.AlreadyExists);
    await assertRejects(() => env.files.makeFolder(`${folder}/f/g`), Deno.errors.NotADirectory);
  }));

Deno.test("a cancelled callback does not come", async () => {
  const called: string[] = [];
  const cancel = env.clock.after(0, () => called.push("cancelled"));
  cancel();
  await new Promise<void>((resolve) => env.clock.after(1, resolve));
  assertEquals(called, []);
  assert(env.clock.now() > 0 && env.clock.date() > 1_600_000_000);
});

Deno.test("permissions are told as the runtime has them", {
  permissions: { net: true, read: ["."], sys: ["statfs"] },
}, () => {
  const { state } = env.permissions;
  assertEquals(state("net"), "yes");
  assertEquals(state("sys"), "partly");
  for (const name of ["ffi", "run", "env", "write"] as const) assertEquals(state(name), "no", name);
});

/** Runs `test` with the address of a server that answers as `handler` says. */
async function withServer(
  handler: (request: Request) => Response,
  test: (url: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  try {
    await test(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("a typed URL on loopback is fetched, redirects there too", () =>
  withServer((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/moved") return Response.redirect(new URL("/a", request.url));
    return new Response("de");
  }, async (url) => {
    assertEquals(await fetchTorrent(`${url}/a`, 10), utf8("de"));
    assertEquals(await fetchTorrent(`${url}/moved`, 10), utf8("de"));
  }));

Deno.test("what is not there, broken, endless or circular is told apart", () =>
  withServer((request) => {
    switch (new URL(request.url).pathname) {
      case "/loop":
        return Response.redirect(request.url);
      case "/long":
        return new Response("x".repeat(100));
      case "/broken":
        return new Response("", { status: 500 });
      default:
        return new Response("", { status: 404 });
    }
  }, async (url) => {
    await assertRejects(() => fetchTorrent(`${url}/none`, 10), Deno.errors.NotFound);
    await assertRejects(() => fetchTorrent(`${url}/broken`, 10), Error, "got 500");
    await assertRejects(() => fetchTorrent(`${url}/long`, 10), Error);
    await assertRejects(() => fetchTorrent(`${url}/loop`, 10), Error);
  }));
