import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

const AUTH = ["--rpc-auth", "me:s\u00e9cret"];

browserTest("with a password the page asks for it, and shows nothing before", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene, 0, ...AUTH);
  // the browser would know it, but must not be asked by the page's calls
  const known = { httpCredentials: { username: "me", password: "s\u00e9cret" } };
  await using visitor = await Visitor.open(place, known);
  const { page } = visitor;
  const password = page.getByLabel("Password");
  await password.waitFor();
  assertEquals(await visitor.violations(), []);
  assertEquals(await page.getByRole("grid").count(), 0);
  // by the keyboard alone, from where the page puts it
  await page.keyboard.type("me");
  await page.keyboard.press("Tab");
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "do not fit" }).waitFor();
  assertEquals(await visitor.violations(), []);
  // what was wrong is chosen, and typed over
  await page.keyboard.type("s\u00e9cret");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  assertEquals(await page.context().cookies(), []);
  // the tab keeps its login, another window has none
  await page.reload();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  const other = await page.context().newPage();
  await other.goto(place);
  await other.getByLabel("Password").waitFor();
  await visitor.press("Log out");
  await password.waitFor();
  await page.reload();
  await password.waitFor();
  assertEquals(visitor.complaints, []);
});

browserTest("a login can stay; logging out in one window does so in all", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene, 0, ...AUTH);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByLabel("User").fill("me");
  await page.getByLabel("Password").fill("s\u00e9cret");
  await page.getByLabel("Stay logged in").check();
  await visitor.press("Log in");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  const other = await page.context().newPage();
  await other.goto(place);
  await other.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Password").waitFor();
  assertEquals(visitor.complaints, []);
});

/** Fills in the form. */
async function enter(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await page.getByLabel("User").fill("me");
  await page.getByLabel("Password").fill("s\u00e9cret");
  await visitor.press("Log in");
}

/** The manager ends, and another one begins at its address. */
async function restart(
  scene: Scene,
  { tm, place }: Awaited<ReturnType<typeof daemon>>,
  ...args: string[]
): ReturnType<typeof daemon> {
  tm.signal("SIGTERM");
  await tm.end();
  return await daemon(scene, Number(new URL(place).port), ...args);
}

browserTest("a manager that was started again asks for the password again", async () => {
  await using scene = await Scene.open();
  const first = await daemon(scene, 0, ...AUTH);
  await using visitor = await Visitor.open(first.place);
  const { page } = visitor;
  const empty = page.getByRole("heading", { name: "Nothing here yet" });
  await enter(visitor);
  await empty.waitFor();
  await restart(scene, first, ...AUTH);
  await page.getByLabel("Password").waitFor();
  await enter(visitor);
  await empty.waitFor();
});

browserTest(
  "a manager that is started with a password asks an open page, and without lets all in",
  async () => {
    await using scene = await Scene.open();
    const first = await daemon(scene);
    await using visitor = await Visitor.open(first.place);
    const { page } = visitor;
    const empty = page.getByRole("heading", { name: "Nothing here yet" });
    await empty.waitFor();
    const second = await restart(scene, first, ...AUTH);
    await page.getByLabel("Password").waitFor();
    // one window that is logged in, and one that waits for the password
    const other = await page.context().newPage();
    await other.goto(first.place);
    await other.getByLabel("Password").waitFor();
    await enter(visitor);
    await empty.waitFor();
    await restart(scene, second);
    await page.getByText("The connection is back.").waitFor();
    await visitor.press("Slow mode");
    await page.getByText("Slow mode is on").waitFor();
    await other.getByLabel("User").fill("me");
    await other.getByLabel("Password").fill("of before");
    await other.getByRole("button", { name: "Log in", exact: true }).click();
    await other.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await visitor.press("Log out");
    await empty.waitFor();
  },
);

browserTest("logging in to stay does so in every window that asks", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene, 0, ...AUTH);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  const other = await page.context().newPage();
  await other.goto(place);
  await other.getByLabel("Password").waitFor();
  await page.getByLabel("Stay logged in").check();
  await enter(visitor);
  for (const each of [page, other]) {
    await each.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  }
});

browserTest("whoever tried too many passwords is told to wait", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene, 0, ...AUTH);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  // what the manager says after ten; how soon it forgives one is its own tests' matter
  await page.route("**/web/login", (route) => route.fulfill({ status: 429 }));
  await page.getByLabel("User").fill("me");
  await page.getByLabel("Password").fill("guess");
  await visitor.press("Log in");
  await page.getByRole("alert").filter({ hasText: "Wait a minute" }).waitFor();
});
