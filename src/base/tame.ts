/** Text from strangers without what deceives the eye. */

const PLAIN = /^[ -~]*$/;

/** Scripts in which a joiner or its opposite chooses the form of the letter before it. */
const JOINING_SCRIPTS =
  "Arabic Bengali Devanagari Gujarati Gurmukhi Kannada Khmer Malayalam Mongolian Myanmar Nko Oriya Sinhala Syriac Tamil Telugu";

/** What is left as it is, though an invisible character is in it. */
const KEPT = [
  // a flag's tags
  String.raw`\u{1f3f4}[\u{e0061}-\u{e007a}]{3,6}\u{e007f}`,
  // emoji with their selectors, and several joined to one
  String.raw`\p{Extended_Pictographic}[\ufe0e\ufe0f]?\p{Emoji_Modifier}?` +
  String.raw`(?:\u200d\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)*`,
  String.raw`[0-9#*]\ufe0f\u20e3`,
  // forms of letters
  String.raw`\p{Script=Han}[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
  String.raw`\p{Script=Mongolian}[\u180b-\u180d\u180f]`,
  String.raw`[${JOINING_SCRIPTS.replace(/\w+ ?/g, (name) => `\\p{Script=${name.trim()}}`)}]` +
  String.raw`[\u200c\u200d]`,
];

/**
 * What hides, turns letters round, shows nothing or acts on a terminal: everything that Unicode lets a program leave
 * out (marks of direction among it), controls, separators, annotations, letters that are blank, lone surrogates and
 * private characters.
 */
const DECEIVING = String.raw`[\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Cs}\p{Co}` +
  String.raw`\0-\x08\x0e-\x1f\x7f-\x9f\u2800\ufff9-\ufffb\u{1d159}]+`;

/** More marks on one letter than any script needs run over the lines above and below. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Made when it is needed first: most runs of most commands meet plain text alone. */
let pattern: RegExp | null = null;

/**
 * `text` on one line, with `mark` for each run of characters that hide, turn round or steer what stands beside them
 * (`exe.gpj` that shows as `jpg.exe`, names that only look alike, escape sequences). Blanks other than the ordinary
 * space become one, and of many marks on one letter four are left. What is shown as a text node needs nothing else; in
 * a sentence it still has a direction of its own.
 */
export function tame(text: string, mark = "\ufffd"): string {
  if (PLAIN.test(text)) return text;
  pattern ??= new RegExp(`(${KEPT.join("|")})|${DECEIVING}`, "gu");
  return text
    .replace(pattern, (_, kept?: string) => kept ?? mark)
    .replace(STACKED_MARKS, "$1")
    .replace(/\s+/gu, (run) => PLAIN.test(run) ? run : " ");
}
