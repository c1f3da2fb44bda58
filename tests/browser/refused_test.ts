import { Scene } from "../e2e/harness/scene.ts";
import { MAX_PAGES } from "../../src/control/web/live.ts";
import { listen } from "../../scripts/bench/page/listeners.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

browserTest("one page too many says so, and goes on when another is closed", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using _ = await listen(place, MAX_PAGES - 1);
  const last = await listen(place, 1);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  const alert = page.getByRole("alert");
  await alert.filter({ hasText: "Too many pages" }).waitFor();
  await last[Symbol.asyncDispose]();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await alert.waitFor({ state: "detached" });
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
