import { assertEquals } from "@std/assert";
import { counts, parseFindings } from "../../scripts/doc/faults.ts";

const OUTPUT = `error[private-type-ref]: public type 'A' references private type 'B'
  --> /p/src/a.ts:10:1
   |
10 | export type A =
   | ^


error[missing-jsdoc]: exported symbol is missing JSDoc documentation
 --> /p/src/b.ts:4:3
`;

/** Whether a missing comment at the line of `text` marked with ▶ counts. */
function missing(text: string): boolean {
  const line = text.slice(0, text.indexOf("▶")).split("\n").length;
  const finding = { rule: "missing-jsdoc", message: "", path: "", line };
  return counts(finding, text.replace("▶", ""));
}

Deno.test("each finding gives its rule, message, path and line", () => {
  assertEquals(parseFindings(OUTPUT), [
    {
      rule: "private-type-ref",
      message: "public type 'A' references private type 'B'",
      path: "/p/src/a.ts",
      line: 10,
    },
    {
      rule: "missing-jsdoc",
      message: "exported symbol is missing JSDoc documentation",
      path: "/p/src/b.ts",
      line: 4,
    },
  ]);
});

Deno.test("an exported name and a class's own method need a comment", () => {
  assertEquals(missing("▶export function f() {}"), true);
  assertEquals(missing("export class A {\n▶  f(): void {}\n}"), true);
  assertEquals(missing("export class A {\n▶  get size(): number {}\n}"), true);
});

Deno.test("fields, constructors, overrides and a port's methods are described elsewhere", () => {
  assertEquals(missing("export class A {\n▶  readonly size: number;\n}"), false);
  assertEquals(missing("export class A {\n▶  constructor(x: number) {}\n}"), false);
  assertEquals(missing("export class A extends B {\n▶  override f(): void {}\n}"), false);
  assertEquals(missing("export class A implements B {\n  x = 1;\n▶  f(): void {}\n}"), false);
  assertEquals(missing("class B implements C {\n}\nexport class A {\n▶  f(): void {}\n}"), true);
});

Deno.test("a private type in a public signature counts, a brand's private symbol does not", () => {
  const finding = { rule: "private-type-ref", path: "", line: 1 };
  const message = "public type 'Brand' references private type";
  assertEquals(counts({ ...finding, message: `${message} 'Span'` }, "  override x = 1;"), true);
  assertEquals(counts({ ...finding, message: `${message} 'brand'` }, ""), false);
});
