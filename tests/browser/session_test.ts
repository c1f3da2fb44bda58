import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

browserTest("the settings show what the process may touch, and what its health is", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await visitor.press("Settings");
  const sandbox = page.getByRole("group", { name: "What this process may touch" });
  await sandbox.getByText(scene.path("data")).first().waitFor();
  const text = (await sandbox.innerText()).replaceAll(/\s+/g, " ");
  // nothing can be run, and the thread that speaks to the page has no files
  assertEquals(text.match(/run programs none/g)?.length, 2);
  assertEquals(/Main thread.* read none write none/.test(text), true, text);
  const health = page.getByRole("group", { name: "Health" });
  await health.getByText(/Port for peers: \d+/).waitFor();
  await health.getByRole("button", { name: "Look for problems" }).click();
  await health.getByRole("listitem").first().waitFor();
  assertEquals(await visitor.violations(), []);
  assertEquals(visitor.complaints, []);
});
