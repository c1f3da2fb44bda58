/** Which of `deno doc --lint`'s findings count here. */

/** One finding, at a line (from 1) of a file. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly path: string;
  readonly line: number;
}

/** The findings in the linter's output, printed without colours. */
export function parseFindings(output: string): Finding[] {
  const pattern = /^error\[([\w-]+)\]: (.*)\n\s*--> (.*):(\d+):\d+$/gm;
  return [...output.matchAll(pattern)].map(([, rule, message, path, line]) => ({
    rule: rule!,
    message: message!,
    path: path!,
    line: Number(line),
  }));
}

/**
 * True unless the missing comment would only repeat what stands elsewhere: a field, a constructor and an
 * overriding member are described with their type, and a port's methods where the port is declared.
 */
export function counts(finding: Finding, text: string): boolean {
  // A brand's symbol is private so that nobody can forge the type; types have capitals.
  if (finding.rule === "private-type-ref") return !/private type '[a-z]/.test(finding.message);
  if (finding.rule !== "missing-jsdoc") return true;
  const lines = text.split("\n");
  const line = lines[finding.line - 1] ?? "";
  if (!/^\s/.test(line)) return true;
  if (/^\s+(override\b|constructor\b)/.test(line)) return false;
  if (/^\s+(static |readonly )*[\w$]+[?!]?\s*(:|=|;)/.test(line)) return false;
  return !/\bimplements\b/.test(classHead(lines, finding.line - 1));
}

/** The head of the class around line `at` (from 0), up to its brace. */
function classHead(lines: readonly string[], at: number): string {
  let start = at;
  while (start > 0 && !/^(export )?(abstract )?class\b/.test(lines[start]!)) start--;
  const head = lines.slice(start, at).join("\n");
  return head.slice(0, head.indexOf("{"));
}
