import { Scene } from "../e2e/harness/scene.ts";
import { MAX_PAGES } from "../../src/control/web/live.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

browserTest("one page too many says so, and goes on when another is closed", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const others: AbortController[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const other = new AbortController();
    others.push(other);
    const { body } = await fetch(`${place}/web/events`, { signal: other.signal });
    // it is read until it is closed
    void body?.pipeTo(new WritableStream()).catch(() => {});
  }
  try {
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    const alert = page.getByRole("alert");
    await alert.filter({ hasText: "Too many pages" }).waitFor();
    others.pop()?.abort();
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await alert.waitFor({ state: "detached" });
  } finally {
    for (const other of others) other.abort();
  }
});

browserTest("a manager that no longer goes by its name says what to do", async () => {
  await using scene = await Scene.open();
  const { tm, place } = await daemon(scene, 0, "--rpc-host", "box.localhost");
  const { port } = new URL(place);
  await using visitor = await Visitor.open(`http://box.localhost:${port}`);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  tm.signal("SIGTERM");
  await tm.end();
  await daemon(scene, Number(port));
  await page.getByRole("alert").filter({ hasText: "--rpc-host" }).waitFor();
});
