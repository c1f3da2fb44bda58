import { assertEquals } from "@std/assert";
import { utf8 } from "../../../src/base/mod.ts";
import { type Input, KeyReader } from "../../../src/cli/top/keys.ts";

/** What is typed, keys by their names and pasted text in quotes. */
function names(inputs: readonly Input[]): string[] {
  return inputs.map((input) => input.type === "key" ? input.key : `"${input.text}"`);
}

function read(text: string): string[] {
  return names(new KeyReader().push(utf8(text)));
}

Deno.test("keys: letters, control characters and sequences of several terminals", () => {
  assertEquals(read("aé日😀 "), ["a", "é", "日", "😀", " "]);
  assertEquals(read("\r\n\t\x7f\b"), ["enter", "enter", "tab", "backspace", "backspace"]);
  assertEquals(read("\x03\x1a\x0c"), ["ctrl-c", "ctrl-z", "ctrl-l"]);
  assertEquals(read("\x1b[A\x1bOB\x1b[C\x1bOD"), ["up", "down", "right", "left"]);
  assertEquals(read("\x1b[H\x1b[4~\x1b[7~\x1bOF"), ["home", "end", "home", "end"]);
  assertEquals(read("\x1b[5~\x1b[6~\x1b[3~"), ["page-up", "page-down", "delete"]);
  assertEquals(read("\x1b[1;2A\x1b[1;2B\x1b[Z\x1b[1;5A"), [
    "shift-up",
    "shift-down",
    "shift-tab",
    "up",
  ]);
});

Deno.test("keys: what is not known is passed over, with Alt too", () => {
  assertEquals(read("\x1b[24~\x1b[?1;2c\x1b[12;3Ra\x1bxb"), ["a", "b"]);
});

Deno.test("keys: the same in pieces of one byte", () => {
  const bytes = utf8("\x1b[5~日\x1b[200~pa\x1bste\x1b[201~\x1bOAq");
  const keys = new KeyReader();
  const inputs = [...bytes].flatMap((byte) => names(keys.push(Uint8Array.of(byte))));
  const text = inputs.filter((each) => each.startsWith('"')).map((each) => each.slice(1, -1));
  assertEquals(text.join(""), "pa\x1bste");
  assertEquals(inputs.filter((each) => !each.startsWith('"')), ["page-up", "日", "up", "q"]);
});

Deno.test("keys: a lone escape is one when nothing follows", () => {
  const keys = new KeyReader();
  assertEquals(keys.push(utf8("\x1b")), []);
  assertEquals(keys.waits, true);
  assertEquals(names(keys.flush()), ["escape"]);
  assertEquals(keys.waits, false);
  assertEquals(names(keys.push(utf8("\x1b\x1b[1~\x1b\x1b"))), ["escape", "home", "escape"]);
  assertEquals(names(keys.flush()), ["escape"]);
  // the rest never came
  assertEquals(keys.push(utf8("\x1b[1;")), []);
  assertEquals(keys.flush(), []);
  assertEquals(names(keys.push(utf8("x"))), ["x"]);
});

Deno.test("keys: the rest of a sequence that comes too late is no command", () => {
  const keys = new KeyReader();
  const after = (text: string) => {
    keys.push(utf8("\x1b"));
    keys.flush();
    return names(keys.push(utf8(text)));
  };
  assertEquals(after("[A"), ["up"]);
  assertEquals(after("OB"), ["down"]);
  assertEquals(after("[5~x"), ["page-up", "x"]);
  // typed
  assertEquals(after("A"), ["A"]);
  assertEquals(after("["), ["["]);
  assertEquals(names(keys.push(utf8("[A"))), ["[", "A"]);
});

Deno.test("keys: a sequence without end is let go", () => {
  const keys = new KeyReader();
  assertEquals(keys.push(utf8(`\x1b[${"1;".repeat(100)}`)), []);
  assertEquals(keys.waits, false);
  assertEquals(names(keys.push(utf8("q"))), ["q"]);
});

Deno.test("keys: what is pasted is no key, whatever is in it", () => {
  assertEquals(read("\x1b[200~qX\ry\x1b[201~j"), ['"qX\ry"', "j"]);
  assertEquals(read("\x1b[200~\x1b[201~j"), ["j"]);
});
