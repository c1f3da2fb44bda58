import { assertEquals, assertThrows } from "@std/assert";
import { DeniedError, MetainfoError, UsageError } from "../../src/base/mod.ts";
import {
  checkRules,
  filePriorities,
  type FileRules,
  type TorrentFile,
} from "../../src/metainfo/mod.ts";

/** Files of a byte each; one whose name begins with `.pad` is padding. */
function filesOf(...paths: string[]): TorrentFile[] {
  return paths.map((path, offset) => ({
    path: path.split("/"),
    length: 1,
    offset,
    pad: path.includes(".pad"),
  }));
}

const FILES = filesOf("Top/a.mkv", "Top/A.NFO", "Top/Sample/s.mkv", "Top/.pad/1", "Top/readme.txt");
const SHORT = { off: "-", low: "l", normal: "n", high: "h" } as const;

function said(rules: FileRules, files = FILES): string {
  return filePriorities(files, rules).map((priority) => SHORT[priority]).join("");
}

const number = (from: number, to = from) => ({ from, to });
const glob = (glob: string) => ({ glob });

Deno.test("files are chosen by numbers and globs, without those that are excluded", () => {
  assertEquals(said({}), "nnn-n");
  assertEquals(said({ select: [number(1, 9)] }), "-nn-n");
  assertEquals(said({ select: [glob("*.mkv")] }), "n-n--");
  assertEquals(said({ select: [glob("*.nfo"), number(4)] }), "-n--n");
  // with a slash it speaks of paths, the torrent's folder in front or not
  assertEquals(said({ select: [glob("sample/*")] }), "--n--");
  assertEquals(said({ select: [glob("top/sample/")] }), "--n--");
  assertEquals(said({ select: [glob("/*.mkv")] }), "n----");
  assertEquals(said({ exclude: [glob("sample/"), glob("*.{nfo,txt}")] }), "n----");
  assertEquals(said({ select: [glob("*.mkv")], exclude: [number(0)] }), "--n--");
});

Deno.test("priorities come after the choice, one after another", () => {
  const high = { files: [glob("*.mkv")], priority: "high" } as const;
  const low = { files: [number(2)], priority: "low" } as const;
  assertEquals(said({ priorities: [high, low] }), "hnl-n");
  assertEquals(said({ priorities: [low, high] }), "hnh-n");
  assertEquals(said({ select: [number(1)], priorities: [low] }), "-nl--");
  // those of an earlier run stand in place of the choice
  const kept = ["off", "low", "high", "off", "normal"] as const;
  const again = filePriorities(FILES, { select: [number(0)], priorities: [low] }, kept);
  assertEquals(again, ["off", "low", "low", "off", "normal"]);
});

Deno.test("a choice that leaves no file is an error that says which", () => {
  for (
    const rules of [
      { select: [number(3)] },
      { select: [number(5, 7)] },
      { select: [] },
      { select: [glob("*.iso")] },
      { exclude: [glob("*")] },
    ]
  ) assertThrows(() => said(rules), MetainfoError, "Expected files of this torrent");
  assertThrows(() => said({ select: [number(5, 7)] }), MetainfoError, "number 5-7 counted from 0");
});

Deno.test("a torrent with a file that is denied is refused as a whole, chosen or not", () => {
  const cases = [
    [["*.lnk"], "t/a.LNK"],
    [["*.scr"], "t/x/photo.jpg.scr"],
    // what some systems drop at the end of a name hides nothing
    [["*.lnk"], "t/a.lnk. ."],
    [["*.exe"], "setup.exe"],
    // a folder of that name is one too
    [["__macosx"], "t/__MACOSX/x"],
    [["bad/**"], "t/bad/x"],
  ] as const;
  for (const [deny, path] of cases) {
    const files = filesOf("t/good", path);
    assertThrows(() => said({ deny, select: [number(0)] }, files), DeniedError, path);
    assertEquals(said({ deny }, filesOf("t/good")), "n");
  }
  assertEquals(said({ deny: ["*.lnk"] }, filesOf("t/lnk", "t/a.lnk.txt", "t/.pad/a.lnk")), "nn-");
});

Deno.test("rules that make no sense are told before there is a torrent", () => {
  for (
    const rules of [
      { select: [glob("[a")] },
      { exclude: [glob("")] },
      { deny: ["{a"] },
      { priorities: [{ files: [glob("[")], priority: "low" as const }] },
      { select: [number(3, 1)] },
    ]
  ) assertThrows(() => checkRules(rules), UsageError);
  checkRules({ select: [number(0), glob("*")], exclude: [], deny: ["*.lnk"] });
});
