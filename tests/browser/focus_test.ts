/** Where the keyboard is after something came or went: never nowhere. */
import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { focused } from "./keyboard.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

/** Adds magnet links that nobody answers, by their names. */
async function addNames(visitor: Visitor, names: readonly string[]): Promise<void> {
  const links = names.map((name, at) =>
    `magnet:?xt=urn:btih:${String(at + 1).padStart(40, "0")}&dn=${encodeURIComponent(name)}`
  );
  await visitor.typeLink(links.join("\n"));
  await visitor.page.getByLabel("Do not start yet").check();
  await visitor.page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await visitor.closed();
  for (const name of names) await visitor.row(name).waitFor();
}

browserTest(
  "the keyboard is in the page after a login, and in the form after it ended",
  async () => {
    await using scene = await Scene.open();
    const auth = ["--rpc-auth", "me:secret"];
    const { place } = await daemon(scene, 0, ...auth);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    const enter = async () => {
      await focused(page, "[name=username]");
      await page.keyboard.type("me");
      await page.keyboard.press("Tab");
      await page.keyboard.type("secret");
      await page.keyboard.press("Enter");
      await focused(page, "#main");
    };
    await enter();
    await visitor.press("Log out");
    await enter();
    await page.getByText("Downloads go to").waitFor();
    // the manager forgets it, and the page hears of it at its next call
    await page.route("**/transmission/rpc", (route) => route.fulfill({ status: 401 }));
    await visitor.press("Slow mode");
    await focused(page, "[name=username]");
  },
);

browserTest("what goes gives the keyboard to what is next to it", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await addNames(visitor, ["one", "two", "three"]);
  await page.getByRole("button", { name: "Name" }).click();
  const grid = page.getByRole("grid");
  const active = async () => {
    const id = await grid.getAttribute("aria-activedescendant");
    return await page.locator(`#${id} .c-name`).textContent();
  };
  await visitor.row("three").click();
  await page.keyboard.press("Delete");
  await visitor.press("Remove");
  await visitor.row("three").waitFor({ state: "detached" });
  await focused(page, "[role=grid]");
  assertEquals(await active(), "two", "one, three, two by name");
  assertEquals(await visitor.row("two").getAttribute("aria-selected"), "false");
  // by a button that holds for nothing afterwards
  await page.keyboard.press("Space");
  await visitor.press("Remove …");
  await visitor.press("Remove");
  await visitor.row("two").waitFor({ state: "detached" });
  await focused(page, "[role=grid]");
  assertEquals(await active(), "one", "it was the last");
  // by the menu
  await page.keyboard.press("Space");
  await page.getByText("More", { exact: true }).click();
  await visitor.press("Labels …");
  await page.getByRole("dialog", { name: "Labels" }).waitFor();
  await page.keyboard.press("Escape");
  await visitor.closed();
  await focused(page, "summary");
  // the list goes
  await grid.focus();
  await page.keyboard.press("Delete");
  await visitor.press("Remove");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await focused(page, "#main");
  assertEquals(visitor.complaints, []);
});

browserTest("details that are asked for have the keyboard, and give it back", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  const { keyboard } = page;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await addNames(visitor, ["one", "two"]);
  await page.getByRole("button", { name: "Name" }).click();
  await visitor.row("one").click();
  await keyboard.press("Enter");
  await focused(page, ".details h2");
  const heading = page.getByRole("region", { name: "Details" }).getByRole("heading");
  assertEquals(await heading.textContent(), "one");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await focused(page, "#tab-overview");
  for (
    const [key, tab] of [
      ["ArrowLeft", "options"],
      ["ArrowRight", "overview"],
      ["End", "options"],
      ["Home", "overview"],
      ["ArrowRight", "files"],
    ]
  ) {
    await keyboard.press(`${key}`);
    await focused(page, `#tab-${tab}`);
    assertEquals(await page.getByRole("tab", { selected: true }).getAttribute("id"), `tab-${tab}`);
    assertEquals(await page.locator("[role=tab][tabindex='0']").count(), 1);
  }
  await keyboard.press("Escape");
  await focused(page, "[role=grid]");
  // those that follow the list leave it the keyboard
  await keyboard.press("Enter");
  await focused(page, ".details h2");
  await page.getByRole("grid").focus();
  await keyboard.press("ArrowDown");
  await heading.filter({ hasText: "two" }).waitFor();
  await focused(page, "[role=grid]");
  assertEquals(visitor.complaints, []);
});

browserTest("letters alone are no commands once that is turned off", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  const { keyboard } = page;
  const dialog = page.getByRole("dialog");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  // one question at a time, also when the keyboard is beside it
  await keyboard.press("?");
  await dialog.waitFor();
  await page.mouse.click(3, 3);
  await keyboard.press("a");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.getByLabel("Letters and signs alone are commands").uncheck();
  assertEquals(await visitor.violations(), []);
  await keyboard.press("Escape");
  await visitor.closed();
  await page.reload();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await addNames(visitor, ["one"]);
  await visitor.row("one").click();
  for (const key of ["a", "/", "?", "l", "m", "r"]) await keyboard.press(key);
  assertEquals(await dialog.count(), 0);
  await focused(page, "[role=grid]");
  await visitor.row("Stopped").waitFor();
  // keys that have names hold as before
  await keyboard.press("F2");
  await page.getByRole("dialog", { name: "Rename" }).waitFor();
  await keyboard.press("Escape");
  await visitor.closed();
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByLabel("Letters and signs alone are commands").check();
  await keyboard.press("Escape");
  await visitor.closed();
  for (const key of ["Control+Shift+A", "Alt+a", "Meta+a"]) await keyboard.press(key);
  assertEquals(await dialog.count(), 0, "with another key held");
  await keyboard.press("a");
  await page.getByRole("dialog", { name: "Add torrents" }).waitFor();
  assertEquals(visitor.complaints, []);
});

browserTest("what is chosen in the list is a box to tick with a name, and is told", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await addNames(visitor, ["one", "two", "three"]);
  const grid = page.getByRole("grid", { name: "Torrents" });
  assertEquals(await grid.getAttribute("aria-rowcount"), "4");
  assertEquals(await grid.getAttribute("aria-multiselectable"), "true");
  await grid.getByRole("checkbox", { name: "one" }).check();
  await focused(page, "[role=grid]");
  await grid.getByRole("checkbox", { name: "two" }).check();
  await page.getByRole("status").filter({ hasText: "2 selected" }).waitFor({ state: "attached" });
  // what is read of a row when the keyboard comes to it
  const row = grid.getByRole("row", { name: "two Stopped 0%", selected: true });
  assertEquals(await row.count(), 1);
  assertEquals(await grid.getAttribute("aria-activedescendant"), await row.getAttribute("id"));
  await page.keyboard.press("Escape");
  await page.getByRole("status").filter({ hasText: "0 selected" }).waitFor({ state: "attached" });
  assertEquals(await grid.getByRole("checkbox", { checked: true }).count(), 0);
  const head = grid.getByRole("columnheader", { name: "Name" });
  await head.getByRole("button").click();
  assertEquals(await head.getAttribute("aria-sort"), "ascending");
  await head.getByRole("button").click();
  assertEquals(await head.getAttribute("aria-sort"), "descending");
  const indices = await grid.getByRole("row").evaluateAll((rows) =>
    rows.map((each) => each.getAttribute("aria-rowindex"))
  );
  assertEquals(indices, ["1", "2", "3", "4"]);
  assertEquals(await visitor.violations(), []);
  assertEquals(visitor.complaints, []);
});
