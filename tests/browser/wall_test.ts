/** What other sites can do with a manager that runs: nothing. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROUTES } from "../../src/control/routes.ts";
import { http } from "../control/lab.ts";
import { Scene } from "../e2e/harness/scene.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

browserTest(
  "every route refuses names that are not ours and pages of others, and no frame",
  async () => {
    await using scene = await Scene.open();
    const { place } = await daemon(scene);
    const port = Number(new URL(place).port);
    const paths = [...ROUTES.keys(), "/nothing"];
    for (const path of paths) {
      for (const method of ["GET", "POST"]) {
        const ask = (headers: Record<string, string>) =>
          http({ port }, `${method} ${path}`, headers);
        // a name of a stranger's that was pointed here
        const rebound = await ask({ host: `evil.example:${port}` });
        assertEquals(rebound.status, 421, `${method} ${path}`);
        for (
          const headers of [
            { origin: "http://evil.example" },
            { origin: "null" },
            { "sec-fetch-site": "cross-site" },
            { "sec-fetch-site": "same-site" },
          ]
        ) {
          const foreign = await ask(headers as Record<string, string>);
          assertEquals(foreign.status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
        }
        // the stream of events does not end
        if (path === "/web/events" && method === "GET") continue;
        const own = await ask({});
        for (const { headers } of [rebound, own]) {
          assertEquals(headers.get("x-frame-options"), "DENY", `${method} ${path}`);
          assertEquals(headers.get("access-control-allow-origin"), null);
          assertEquals(headers.get("x-content-type-options"), "nosniff");
        }
        if (!headersOfPage(own.headers.get("content-type"))) continue;
        const policy = own.headers.get("content-security-policy") ?? "";
        assertMatch(policy, /default-src 'none'/);
        assertMatch(policy, /frame-ancestors 'none'/);
        assert(!/unsafe|\*|https?:|data:|blob:/.test(policy), policy);
      }
    }
  },
);

function headersOfPage(type: string | null): boolean {
  return /text\/html/.test(type ?? "");
}

browserTest(
  "a page of another site can neither frame the manager nor read nor change it",
  async () => {
    await using scene = await Scene.open();
    const { place } = await daemon(scene);
    const evil = `<!DOCTYPE html><title>evil</title><p></p>
    <iframe src="${place}/"></iframe>
    <script type="module">
      const outcomes = [];
      const calls = [
        ["${place}/web/events", {}],
        ["${place}/metrics", {}],
        ["${place}/transmission/rpc", { method: "POST", body: '{"method":"session-close"}' }],
      ];
      for (const [url, init] of calls) {
        for (const mode of ["cors", "no-cors"]) {
          const told = await fetch(url, { ...init, mode }).then((r) => r.text(), () => "");
          outcomes.push(told);
        }
      }
      document.querySelector("p").textContent = "heard: " + outcomes.join("") + ".";
    </script>`;
    await using site = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response(evil, { headers: { "content-type": "text/html" } }),
    );
    await using visitor = await Visitor.open(`http://127.0.0.1:${site.addr.port}/`);
    const { page } = visitor;
    const told = page.getByText("heard:");
    await told.waitFor();
    assertEquals(await told.textContent(), "heard: .");
    const [frame] = page.frames().filter((each) => each !== page.mainFrame());
    assertEquals(await frame?.locator("#app").count(), 0);
    // it is still there for whoever may see it
    await using owner = await Visitor.open(place);
    await owner.page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    assertEquals(owner.complaints, []);
  },
);

browserTest("a stranger's name that leads here shows nothing of the manager", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const { port } = new URL(place);
  await using visitor = await Visitor.open(
    `http://evil.example:${port}/`,
    {},
    "--host-resolver-rules=MAP evil.example 127.0.0.1",
  );
  const { page } = visitor;
  await page.getByText("This host name is not known here").waitFor();
  assertEquals(await page.locator("#app").count(), 0);
});
