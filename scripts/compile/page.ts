/** Makes the web page of its sources: one script, one style, and what is taken as it is. */
import { LANGUAGES } from "../../src/control/web/page/words.ts";

const SOURCES = "src/control/web/page";
/** The later ones change what the earlier ones say. */
const STYLES = [
  "base",
  "frame",
  "files",
  "list",
  "columns",
  "facts",
  "form",
  "graph",
  "narrow",
  "needs",
];
const HTML = "index.html";
const ICON = "icon.svg";

/** Where a program from source looks for the page, from the top of the project. */
export const PAGE = "dist/page";

/** The arguments of `deno` that bundle the page's script into `folder`. */
export function scriptArguments(folder: string): string[] {
  return [
    "bundle",
    "--quiet",
    "--minify",
    "--platform",
    "browser",
    "--output",
    `${folder}/page.js`,
    `${SOURCES}/main.tsx`,
  ];
}

/** Makes it in `folder`; `run` runs Deno and throws when it fails. */
export async function buildPage(
  folder: string,
  run: (args: string[]) => Promise<void>,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await run(scriptArguments(folder));
  const styles = await Promise.all(
    STYLES.map((name) => Deno.readTextFile(`${SOURCES}/style/${name}.css`)),
  );
  await Deno.writeTextFile(`${folder}/page.css`, styles.join("\n"));
  const html = await Deno.readTextFile(`${SOURCES}/${HTML}`);
  await Deno.writeTextFile(`${folder}/${HTML}`, withoutScripts(html));
  await Deno.copyFile(`${SOURCES}/${ICON}`, `${folder}/${ICON}`);
}

/** The page with what is said where scripts are off, in every language as nothing can choose one. */
function withoutScripts(html: string): string {
  const said = LANGUAGES.map(({ language, noScript }) => `<p lang="${language}">${noScript}</p>`);
  return html.replace("<noscript></noscript>", `<noscript>${said.join("")}</noscript>`);
}
