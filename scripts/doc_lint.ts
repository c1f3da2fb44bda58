/**
 * `deno task doc`: what the library and each folder export is documented, and every type that a public
 * signature names is exported too. One line for each fault, and exit 1 when there is any.
 */
import { counts, parseFindings } from "./doc/faults.ts";

function say(line: string): void {
  // deno-lint-ignore no-console -- a script's output
  console.log(line);
}

if (import.meta.main) {
  Deno.chdir(`${import.meta.dirname}/..`);
  const doors = ["mod.ts"];
  for await (const { name } of Deno.readDir("src")) doors.push(`src/${name}/mod.ts`);
  const present: string[] = [];
  for (const door of doors.sort()) {
    if (await Deno.stat(door).then(() => true, () => false)) present.push(door);
  }
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...present],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const words = new TextDecoder().decode(stderr);
  const findings = parseFindings(words);
  if (!success && findings.length === 0) {
    // It failed for another reason, such as code that cannot be parsed.
    say(words || new TextDecoder().decode(stdout));
    Deno.exit(1);
  }
  const root = `${Deno.cwd()}/`.replaceAll("\\", "/");
  let faults = 0;
  for (const finding of findings) {
    if (!counts(finding, await Deno.readTextFile(finding.path))) continue;
    const path = finding.path.replaceAll("\\", "/").replace(root, "");
    say(`${path}:${finding.line} ${finding.message} (${finding.rule})`);
    faults++;
  }
  say(`${present.length} entry points, ${faults} faults`);
  Deno.exit(faults === 0 ? 0 : 1);
}
