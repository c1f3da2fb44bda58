/** `deno task screenshots` → `dist/screenshots`: each view of the page in light, dark and at a phone's width. */
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent } from "../e2e/harness/torrent.ts";
import { Visitor } from "./visitor.ts";

const FOLDER = "dist/screenshots";
const LOOKS = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 720 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 720 } },
  { name: "phone", colorScheme: "dark", viewport: { width: 390, height: 800 } },
] as const;
const NAMES = ["debian-13-amd64-netinst", "alpine-3.22-x86_64", "fedora-43-live", "haiku-r1"];

if (import.meta.main) {
  Deno.chdir(`${import.meta.dirname}/../..`);
  await Deno.mkdir(FOLDER, { recursive: true });
  await using scene = await Scene.open();
  const daemon = scene.start(
    ["daemon", "-d", "data", "--rpc", "127.0.0.1:0", "--listen-port", "0", "--no-dht", "--json"],
  );
  const place = String((await daemon.event("ready"))["place"]);
  {
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await page.screenshot({ path: `${FOLDER}/empty.png` });
    for (const [at, name] of NAMES.entries()) {
      const torrent = await makeTorrent({ name, content: 9_000_000 * (at + 1), seed: at });
      // the last has nothing yet
      if (at < NAMES.length - 1) await scene.data(torrent, "data");
      await visitor.drop(`${name}.torrent`, torrent.bytes);
      await visitor.press("Add");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await visitor.row(NAMES[0] ?? "").filter({ hasText: "100%" }).waitFor();
  }
  for (const { name, ...look } of LOOKS) {
    await using visitor = await Visitor.open(place, look);
    const { page } = visitor;
    const shoot = (view: string) => page.screenshot({ path: `${FOLDER}/${view}-${name}.png` });
    await visitor.row(NAMES[0] ?? "").waitFor();
    await shoot("list");
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("group", { name: "Limits" }).waitFor();
    await shoot("settings");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Statistics" }).click();
    await page.getByRole("row", { name: /^Downloaded/ }).waitFor();
    await shoot("statistics");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await shoot("add");
    await page.keyboard.press("Escape");
    const row = visitor.row(NAMES[3] ?? "");
    await (name === "phone" ? row.click() : row.dblclick());
    for (const tab of ["Overview", "Files", "Peers", "Trackers", "Options"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.getByText("Loading …").waitFor({ state: "detached" });
      await shoot(tab.toLowerCase());
    }
  }
}
