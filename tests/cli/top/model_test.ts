import { assertEquals, assertStringIncludes } from "@std/assert";
import { current } from "../../../src/cli/top/model.ts";
import { torrent } from "../fake_manager.ts";
import { files, four, hashOf, Lab } from "./lab.ts";

/** Three torrents by name, size and rate. */
function three(): Lab {
  const lab = new Lab().tick(0).list([
    torrent(1, "charlie", { rateDownload: 5, sizeWhenDone: 3000 }),
    torrent(2, "Alpha", { rateDownload: 9, status: 0, sizeWhenDone: 2000 }),
    torrent(3, "bravo", { rateDownload: 0, status: 6, leftUntilDone: 0, sizeWhenDone: 1000 }),
  ]);
  lab.requests();
  return lab;
}

/** Rates that change the order by name in nothing. */
function faster(id: number, name: string) {
  return torrent(id, name, { rateDownload: 100 });
}

Deno.test("top: all torrents are asked for once, then those that changed, all again after a while", () => {
  const lab = new Lab().tick(0);
  assertEquals(lab.kinds(), ["list all"]);
  // one question at a time
  lab.tick(0);
  assertEquals(lab.kinds(), []);
  lab.list([torrent(1, "a")]).tick(999);
  assertEquals(lab.kinds(), []);
  const asked: string[] = [];
  for (let i = 0; i < 40; i++) {
    lab.tick(1000);
    const kinds = lab.kinds();
    asked.push(...kinds);
    if (kinds.includes("list recent")) lab.list([], false);
    if (kinds.includes("list all")) lab.list([torrent(1, "a")]);
    if (kinds.includes("session")) lab.happen({ type: "session", session: {} });
  }
  assertEquals(asked.filter((kind) => kind === "list all").length, 1);
  assertEquals(asked.filter((kind) => kind === "session").length, 1);
  assertEquals(asked.filter((kind) => kind === "list recent").length, 39);
});

Deno.test("top: an answer that takes long is asked for more seldom", () => {
  const lab = new Lab().tick(0);
  lab.tick(3000).list([torrent(1, "a")]);
  lab.requests();
  lab.tick(11_999);
  assertEquals(lab.kinds(), []);
  lab.tick(1);
  assertEquals(lab.kinds(), ["list recent"]);
});

Deno.test("top: what changed is put into the list, what is gone leaves it", () => {
  const lab = three();
  lab.list([torrent(2, "Alpha", { rateDownload: 50 }), torrent(4, "new")], false, [1]);
  assertEquals(lab.names(), ["Alpha", "bravo", "new"]);
  assertEquals(lab.state.downRate, 50);
  // a number that was given anew is not gone
  lab.list([torrent(4, "new")], false, [4]);
  assertEquals(lab.names(), ["Alpha", "bravo", "new"]);
});

Deno.test("top: the cursor stays on its torrent, or where that was", () => {
  const lab = three().press("j");
  assertEquals(current(lab.state)?.name, "Alpha");
  // by peers … by state … : a key is a column further, in the order of tm list
  lab.press(..."sssss");
  assertEquals([lab.state.sort.name, lab.names()], ["up", ["charlie", "Alpha", "bravo"]]);
  lab.press("S");
  assertEquals([lab.state.sort.name, lab.names()], ["down", ["bravo", "charlie", "Alpha"]]);
  assertEquals(current(lab.state)?.name, "Alpha");
  lab.press("r");
  assertEquals([lab.state.index, lab.names()], [0, ["Alpha", "charlie", "bravo"]]);
  lab.list([faster(3, "bravo")], false);
  assertEquals([lab.state.index, current(lab.state)?.name], [1, "Alpha"]);
  lab.list([], false, [2]);
  assertEquals([lab.state.index, current(lab.state)?.name], [1, "charlie"]);
  lab.list([], false, [1, 3]);
  assertEquals([lab.state.index, current(lab.state)], [0, null]);
  // keys on nothing
  lab.press(..."pPvaKJTBxXduj", "enter", "page-down", "end", "escape", "escape");
  assertEquals(lab.acts(), []);
});

Deno.test("top: what is under the cursor is in view", () => {
  const lab = new Lab(80, 10).list(Array.from({ length: 90 }, (_, i) => torrent(i + 1, `t${i}`)));
  const seen = () => lab.lines().slice(2, 8).map((line) => /t\d+/.exec(line)?.[0]);
  lab.press("end");
  assertEquals(seen(), ["t84", "t85", "t86", "t87", "t88", "t89"]);
  lab.press("page-up");
  assertEquals([seen()[0], current(lab.state)?.name], ["t84", "t84"]);
  lab.press("up");
  assertEquals(seen()[0], "t83");
  lab.happen({ type: "size", columns: 80, rows: 6 });
  assertEquals(seen().slice(0, 2), ["t83", "t84"]);
  lab.press("home");
  assertEquals([lab.state.offset, lab.state.index], [0, 0]);
});

Deno.test("top: actions are calls by info hash, and then everything is asked anew", () => {
  const lab = three();
  const ids = [hashOf(1)];
  lab.press(..."pPvaKJTB", "shift-up");
  assertEquals(lab.acts(), [
    ["torrent-stop", { ids }],
    ["torrent-start-now", { ids }],
    ["torrent-verify", { ids }],
    ["torrent-reannounce", { ids }],
    ["queue-move-up", { ids }],
    ["queue-move-down", { ids }],
    ["queue-move-top", { ids }],
    ["queue-move-bottom", { ids }],
    ["queue-move-up", { ids }],
  ]);
  lab.press("j", "p", "A");
  assertEquals(lab.acts(), [
    ["torrent-start", { ids: [hashOf(2)] }],
    ["session-set", { "alt-speed-enabled": true }],
  ]);
  lab.happen({ type: "acted", done: "Paused: charlie" });
  assertEquals(lab.kinds(), ["list all", "session"]);
  assertStringIncludes(lab.screen(), "Paused: charlie");
  // an answer to a question from before the call is not enough
  lab.happen({ type: "acted", done: "Paused: charlie" }, 10).list([torrent(1, "charlie")]);
  assertEquals(lab.kinds(), ["list all"]);
});

Deno.test("top: removing takes a y, and nothing else", () => {
  const lab = three();
  for (const key of ["n", "q", "enter", "escape", "Y", "X", " "]) lab.press("X", key);
  lab.press("X").happen({ type: "paste", text: "y" }).press("n");
  assertEquals(lab.acts(), []);
  lab.press("X", "y").press("x", "y");
  assertEquals(lab.acts(), [
    ["torrent-remove", { ids: [hashOf(1)], "delete-local-data": true }],
    ["torrent-remove", { ids: [hashOf(1)], "delete-local-data": false }],
  ]);
  // the question is about the torrent it names, wherever the list goes
  lab.press("x").list([torrent(3, "bravo")]).press("y");
  assertEquals(lab.acts(), [
    ["torrent-remove", { ids: [hashOf(1)], "delete-local-data": false }],
  ]);
});

Deno.test("top: limits of a torrent and of all, in the manager's units", () => {
  const lab = three().press("d").type("500K").press("enter", "u").type("off").press("enter");
  assertEquals(lab.acts(), [
    ["torrent-set", { ids: [hashOf(1)], downloadLimited: true, downloadLimit: 512 }],
    ["torrent-set", { ids: [hashOf(1)], uploadLimited: false }],
  ]);
  lab.press("D").type("2Mx").press("backspace", "enter", "U").type("1").press("ctrl-u", "enter");
  assertEquals(lab.acts(), [
    ["session-set", { "speed-limit-down-enabled": true, "speed-limit-down": 2097 }],
  ]);
  lab.press("d").type("much").press("enter");
  assertStringIncludes(lab.screen(), "Expected a size such as 500K or 2M, or off");
  assertStringIncludes(lab.screen(), "limit of charlie (2M, off): much_");
  lab.press("escape");
  assertEquals(lab.acts(), []);
});

Deno.test("top: a filter, and escape that takes it away", () => {
  const lab = three().press("f").type("seeding").press("enter");
  assertEquals(lab.names(), ["bravo"]);
  assertStringIncludes(lab.lines()[0]!, "1 of 3 torrents · seeding");
  lab.list([torrent(1, "charlie", { status: 6 })], false);
  assertEquals(lab.names(), ["charlie", "bravo"]);
  lab.press("f", "ctrl-u").type("zzz").press("enter");
  assertStringIncludes(lab.screen(), "None matches the filter; Esc takes it away");
  lab.press("escape");
  assertEquals(lab.names(), ["charlie", "Alpha", "bravo"]);
});

Deno.test("top: a search goes there while it is typed, n and N to the next", () => {
  const lab = three().press("/").type("br");
  assertEquals(current(lab.state)?.name, "bravo");
  lab.press("ctrl-u").type("a").press("enter");
  assertEquals(current(lab.state)?.name, "bravo");
  const next = (key: string) => current(lab.press(key).state)?.name;
  assertEquals([next("n"), next("n"), next("N"), next("N")], [
    "charlie",
    "Alpha",
    "charlie",
    "bravo",
  ]);
  lab.press("/").happen({ type: "paste", text: "no\nsuch" }).press("enter");
  assertStringIncludes(lab.screen(), "No name has no such in it");
});

Deno.test("top: the panel is asked for at once, follows the cursor, and old answers are passed over", () => {
  const lab = three().press("2");
  assertEquals(lab.requests(), [{ type: "panel", hash: hashOf(1), tab: "files" }]);
  lab.press("down");
  // the first one has not been answered
  assertEquals(lab.requests(), []);
  lab.happen({ type: "panel", hash: hashOf(1), content: files(["charlie/x"]) });
  assertEquals(lab.screen().includes("charlie/x"), false);
  assertEquals(lab.requests(), [{ type: "panel", hash: hashOf(2), tab: "files" }]);
  lab.panel(files(["Alpha/y"]));
  assertStringIncludes(lab.screen(), "Alpha/y");
  lab.tick(1000).requests();
  lab.panel(null);
  assertStringIncludes(lab.screen(), "It is gone");
  lab.press("2").requests();
  lab.tick(1000);
  assertEquals(lab.kinds().includes("panel"), false);
});

Deno.test("top: priorities of files by keys, of the focused panel only", () => {
  const lab = three().press("2").panel(files(["a/1"], ["a/2"], ["a/3", false]));
  lab.press("+", " ", "-");
  assertEquals(lab.acts(), []);
  lab.press("enter").press("+", "down", "-", " ", "end", "-", "+", " ");
  const ids = [hashOf(1)];
  assertEquals(lab.acts(), [
    ["torrent-set", { ids, "files-wanted": [0], "priority-high": [0] }],
    ["torrent-set", { ids, "files-wanted": [1], "priority-low": [1] }],
    ["torrent-set", { ids, "files-unwanted": [1] }],
    ["torrent-set", { ids, "files-wanted": [2], "priority-low": [2] }],
    ["torrent-set", { ids, "files-wanted": [2], "priority-normal": [2] }],
  ]);
  // Esc goes to the list, then closes
  lab.press("escape", "up");
  assertEquals([lab.state.panel?.focused, lab.state.index], [false, 0]);
  assertEquals(lab.press("escape").state.panel, null);
});

Deno.test("top: tabs of the panel by Tab and by number", () => {
  const lab = three().press("enter");
  const tabs = (...keys: string[]) => keys.map((key) => lab.press(key).state.panel?.tab);
  assertEquals(tabs("tab", "tab", "tab", "tab", "shift-tab"), [
    "files",
    "peers",
    "trackers",
    "details",
    "trackers",
  ]);
  assertEquals(tabs("2", "3", "3"), ["files", "peers", undefined]);
});

Deno.test("top: a manager that is away is tried ever more seldom, and everything is asked when it is back", () => {
  const lab = three().press("1");
  lab.panel(null).requests();
  const fail = () =>
    lab.happen({ type: "failed", of: "list", words: "No manager", answered: false });
  assertEquals(lab.tick(1000).kinds(), ["list recent", "panel"]);
  lab.happen({ type: "failed", of: "panel", words: "No manager", answered: false });
  const waits: number[] = [];
  for (let i = 0; i < 5; i++) {
    fail();
    let waited = 0;
    while (!lab.kinds().some((kind) => kind.startsWith("list"))) {
      lab.tick(500);
      waited += 500;
    }
    waits.push(waited);
  }
  assertEquals(waits, [1000, 2000, 4000, 5000, 5000]);
  assertStringIncludes(lab.screen(), "No manager (no answer for 17s, trying again)");
  lab.list([torrent(7, "other")]);
  assertEquals(lab.state.lost, null);
  assertEquals(lab.names(), ["other"]);
  assertEquals(lab.kinds(), ["list all", "session", "panel"]);
});

Deno.test("top: a refusal is told and goes after a while", () => {
  const lab = three();
  lab.happen({ type: "failed", of: "act", words: "The manager refuses: no", answered: true });
  assertStringIncludes(lab.screen(), "The manager refuses: no");
  assertEquals(lab.state.lost, null);
  lab.tick(6000);
  assertEquals(lab.screen().includes("refuses"), false);
});

Deno.test("top: pasted text is no command", async () => {
  const lab = await four();
  lab.requests();
  lab.happen({ type: "paste", text: "qXy" });
  assertEquals([lab.kinds(), lab.state.prompt], [[], null]);
});

Deno.test("top: quits by q and Ctrl-C; in a prompt these are a letter and its end", () => {
  assertEquals(three().press("q").kinds(), ["quit"]);
  assertEquals(three().press("ctrl-c").kinds(), ["quit"]);
  assertEquals(three().press("ctrl-z", "ctrl-l").kinds(), ["suspend", "redraw"]);
  const lab = three().press("/", "q");
  assertEquals([lab.kinds(), lab.state.prompt], [[], { type: "search", text: "q" }]);
  assertEquals(lab.press("ctrl-c").state.prompt, null);
});
