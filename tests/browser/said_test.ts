/** What the manager says, on a page in Portuguese: in Portuguese. */
import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

const MISSING = "0123456789abcdef0123456789abcdef01234567";
const PORTUGUESE = { locale: "pt-PT" };

/** What the manager says in English, by the RPC: of a wait, of what is wrong, of what it looked at. */
async function english(place: string): Promise<string[]> {
  const url = new URL("/transmission/rpc", place);
  const { headers, body } = await fetch(url, { method: "POST", body: "{}" });
  await body?.cancel();
  const session = headers.get("x-transmission-session-id") ?? "";
  const ask = async (method: string, args: unknown) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "x-transmission-session-id": session },
      body: JSON.stringify({ method, arguments: args }),
    });
    return (await response.json()).arguments;
  };
  const fields = ["errorString", "why", "trackerStats"];
  const { torrents: [torrent] } = await ask("torrent-get", { fields });
  const { findings } = await ask("doctor", {});
  const told = [torrent.why, ...torrent.why.causes, ...findings];
  return [
    torrent.errorString,
    ...torrent.trackerStats.map((each: { lastAnnounceResult: string }) => each.lastAnnounceResult),
    ...told.flatMap(({ text, advice = "" }: { text: string; advice?: string }) => [text, advice]),
  ].filter((text) => text !== "");
}

/** A tracker that never answered, and peers that nobody is: a link that waits for ever. */
function deadLink(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const tracker = encodeURIComponent(`http://127.0.0.1:${port}/announce`);
  return `magnet:?xt=urn:btih:${MISSING}&dn=debian&tr=${tracker}&x.pe=127.0.0.1:${port}`;
}

browserTest(
  "in Portuguese: a wait, a trouble, a tracker and what is looked at for problems",
  async () => {
    await using scene = await Scene.open();
    const { place } = await daemon(scene);
    await using visitor = await Visitor.open(place, PORTUGUESE);
    const { page } = visitor;
    const said: string[] = [];
    const look = async () => said.push(await page.locator("body").innerText());
    await page.getByRole("banner").getByRole("button", { name: "Adicionar" }).click();
    await page.getByLabel("Ligação magnet").fill(deadLink());
    await page.getByRole("dialog").getByRole("button", { name: "Adicionar" }).click();
    await visitor.closed();
    const row = visitor.row("debian").filter({ hasText: "O rastreador está inacessível." });
    await row.waitFor();
    await look();
    await row.dblclick();
    const details = page.getByRole("tabpanel", { name: "Resumo" });
    await details.getByText("Está à espera dos metadados.").waitFor();
    await details.getByText(/O par 127\.0\.0\.1:\d+ recusa a ligação\./).waitFor();
    await details.getByText(/O rastreador 127\.0\.0\.1:\d+ está inacessível\./).waitFor();
    assertEquals(await visitor.violations(), []);
    await look();
    await page.getByRole("tab", { name: "Rastreadores" }).click();
    await page.getByRole("cell", { name: "Está inacessível." }).waitFor();
    await look();
    await visitor.press("Fechar");
    await visitor.press("Definições");
    await visitor.press("Procurar problemas");
    await page.getByRole("listitem").filter({ hasText: "Rastreadores: não funciona." }).waitFor();
    assertEquals(await visitor.violations(), []);
    await look();
    // none of what it says in English, and nothing that the page has no words for
    const shown = said.join("\n").toLowerCase();
    const told = await english(place);
    assertEquals(told.length > 10, true, told.join("\n"));
    assertEquals(told.filter((text) => shown.includes(text.toLowerCase())), []);
    assertEquals(await page.locator("bdi[lang=en]").count(), 0);
    assertEquals(visitor.complaints, []);
  },
);

browserTest("in Portuguese: what is wrong with what somebody wrote", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place, PORTUGUESE);
  const { page } = visitor;
  await page.getByRole("banner").getByRole("button", { name: "Adicionar" }).click();
  const dialog = page.getByRole("dialog");
  const wrong = async (link: string, folder: string, expected: RegExp) => {
    await page.getByLabel("Ligação magnet").fill(link);
    await page.getByLabel(/^Pasta/).fill(folder);
    await dialog.getByRole("button", { name: "Adicionar" }).click();
    await dialog.getByRole("alert").filter({ hasText: expected }).waitFor();
    assertEquals(await page.locator("bdi[lang=en]").count(), 0);
  };
  await wrong("magnet:?dn=debian", "", /Esta ligação magnet não indica nenhum torrent/);
  await wrong("ftp://example.org/a", "", /Indique uma ligação magnet/);
  await wrong("missing.torrent", "", /missing\.torrent não existe/);
  await wrong(deadLink(), "/etc", /\/etc não é uma pasta dentro da pasta de transferências/);
  assertEquals(await visitor.violations(), []);
  // what a later manager may say is said in its own words, and told to be English
  await page.route(
    "**/transmission/rpc",
    (route) => route.fulfill({ json: { result: "Too new" } }),
  );
  await page.getByLabel("Ligação magnet").fill(deadLink());
  await dialog.getByRole("button", { name: "Adicionar" }).click();
  await dialog.getByRole("alert").filter({ hasText: "Não foi possível: Too new" }).waitFor();
  assertEquals(await page.locator("bdi[lang=en]").textContent(), "Too new");
  assertEquals(visitor.complaints, []);
});
