/** What a terminal sends when somebody types, as keys. Nothing it sends is kept for long. */

/** A key, `x`, `enter`, `page-up`, `ctrl-c`, or a text that was pasted. */
export type Input =
  | { readonly type: "key"; readonly key: string }
  | { readonly type: "paste"; readonly text: string };

const ESCAPE: Input = { type: "key", key: "escape" };
/** Letters that end a sequence (`ESC [ A`), and numbers before a tilde (`ESC [ 5 ~`). */
const BY_LETTER: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  Z: "shift-tab",
};
const BY_NUMBER: Readonly<Record<string, string>> = {
  1: "home",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
};
const CONTROLS: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
};

// deno-lint-ignore no-control-regex -- what terminals send
const SEQUENCE = /^\x1b(?:\[([0-9;?<=>]*)[ -/]*([@-~])|O([A-Za-z]))/;
// deno-lint-ignore no-control-regex -- likewise, not all of it here yet
const BEGUN = /^\x1b(?:\[[0-9;?<=>]*[ -/]*|O)?$/;
/** The rest of a sequence, in one piece as nobody types it. */
const LATE = /^(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])/;
/** No key is so long. */
const MAX_SEQUENCE = 32;
const PASTE_END = "\x1b[201~";

/** Reads keys from bytes that come in any pieces. */
export class KeyReader {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #pasting = false;
  /** A lone escape was taken for the key, and nothing has come since. */
  #escaped = false;

  /** True while the beginning of a sequence waits for the rest, or was the Escape key. */
  get waits(): boolean {
    return this.#rest !== "";
  }

  /** The keys in `bytes` and what was left before. */
  push(bytes: Uint8Array): Input[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    // on a slow line it was the beginning of a sequence after all, whose letters are no commands
    this.#rest += this.#escaped && LATE.test(text) ? `\x1b${text}` : text;
    this.#escaped = false;
    const inputs: Input[] = [];
    while (this.#rest !== "") {
      const input = this.#pasting ? this.#pasted() : this.#key();
      if (input === null) break;
      if (input !== "nothing") inputs.push(input);
    }
    return inputs;
  }

  /** Nothing came for a while: a lone escape was the key. */
  flush(): Input[] {
    if (this.#pasting || this.#rest === "") return [];
    const rest = this.#rest;
    this.#rest = "";
    this.#escaped = rest === "\x1b";
    return this.#escaped ? [ESCAPE] : [];
  }

  #key(): Input | "nothing" | null {
    const text = this.#rest;
    if (!text.startsWith("\x1b")) {
      const [char = ""] = text;
      this.#rest = text.slice(char.length);
      return { type: "key", key: nameOf(char) };
    }
    if (text.startsWith("\x1b\x1b")) {
      // the Escape key, and another key right after it
      this.#rest = text.slice(1);
      return ESCAPE;
    }
    const match = SEQUENCE.exec(text);
    if (match !== null) {
      this.#rest = text.slice(match[0].length);
      const [, numbers = "", letter = match[3] ?? ""] = match;
      if (letter === "~" && numbers === "200") {
        this.#pasting = true;
        return "nothing";
      }
      return keyOf(numbers, letter);
    }
    if (BEGUN.test(text)) {
      if (text.length <= MAX_SEQUENCE) return null;
      this.#rest = "";
      return "nothing";
    }
    // with Alt, or a sequence that is none
    const [, char = ""] = text;
    this.#rest = text.slice(1 + char.length);
    return "nothing";
  }

  #pasted(): Input | "nothing" | null {
    const end = this.#rest.indexOf(PASTE_END);
    if (end >= 0) {
      const text = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + PASTE_END.length);
      this.#pasting = false;
      return text === "" ? "nothing" : { type: "paste", text };
    }
    // its last characters may be the beginning of the end
    const escape = this.#rest.lastIndexOf("\x1b");
    const begun = escape >= 0 && PASTE_END.startsWith(this.#rest.slice(escape));
    const text = begun ? this.#rest.slice(0, escape) : this.#rest;
    this.#rest = this.#rest.slice(text.length);
    return text === "" ? null : { type: "paste", text };
  }
}

function keyOf(numbers: string, letter: string): Input | "nothing" {
  const [number = "", modifier = ""] = numbers.split(";");
  const name = letter === "~" ? BY_NUMBER[number] : BY_LETTER[letter];
  if (name === undefined) return "nothing";
  return { type: "key", key: modifier === "2" ? `shift-${name}` : name };
}

function nameOf(char: string): string {
  const control = CONTROLS[char];
  if (control !== undefined) return control;
  const code = char.charCodeAt(0);
  return code < 32 ? `ctrl-${String.fromCharCode(code + 96)}` : char;
}
