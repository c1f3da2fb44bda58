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

browserTest("a manager that was started again asks for the password again", async () => {
  await using scene = await Scene.open();
  const { tm, place } = await daemon(scene, 0, ...AUTH);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  const enter = async () => {
    await page.getByLabel("User").fill("me");
    await page.getByLabel("Password").fill("s\u00e9cret");
    await visitor.press("Log in");
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  };
  await enter();
  tm.signal("SIGTERM");
  await tm.end();
  await page.getByRole("alert").waitFor();
  await daemon(scene, Number(new URL(place).port), ...AUTH);
  await page.getByLabel("Password").waitFor();
  await enter();
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
