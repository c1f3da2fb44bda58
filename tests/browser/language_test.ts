import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent } from "../e2e/harness/torrent.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

browserTest("in Portuguese: words, figures and dates, and back to English by hand", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1_500_000, name: "debian" });
  await scene.data(torrent, "data");
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place, { locale: "pt-PT" });
  const { page } = visitor;
  await page.getByRole("heading", { name: "Ainda não há nada aqui" }).waitFor();
  assertEquals(await page.locator("html").getAttribute("lang"), "pt");
  assertEquals(await visitor.violations(), []);
  await visitor.drop("debian.torrent", torrent.bytes);
  await visitor.press("Adicionar");
  await visitor.row("debian").filter({ hasText: "A semear" }).filter({ hasText: "1,50 MB" })
    .waitFor();
  await visitor.row("debian").dblclick();
  for (const tab of ["Resumo", "Ficheiros", "Pares", "Rastreadores", "Opções"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel", { name: tab }).waitFor();
    assertEquals(await visitor.violations(), [], tab);
  }
  await visitor.press("Fechar");
  await visitor.press("Definições");
  const language = page.getByLabel("Língua desta página");
  await language.waitFor();
  assertEquals(await visitor.violations(), []);
  await language.selectOption("English");
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.getByText("1.50 MB").first().waitFor();
  // remembered, whatever the browser prefers
  await page.reload();
  await visitor.row("debian").filter({ hasText: "Seeding" }).waitFor();
  await visitor.press("Settings");
  await page.getByLabel("Language of this page").selectOption("As the browser prefers");
  await page.getByRole("heading", { name: "Definições" }).waitFor();
  assertEquals(visitor.complaints, []);
});
