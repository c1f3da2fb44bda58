import { assert, assertEquals, assertMatch } from "@std/assert";
import { buildPage } from "../../../scripts/compile/page.ts";
import { LANGUAGES } from "../../../src/control/web/page/words.ts";

const SOURCES = "src/control/web/page";

async function run(args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function* scriptsIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* scriptsIn(path);
    else if (/\.tsx?$/.test(name)) yield path;
  }
}

async function compressed(path: string): Promise<number> {
  using file = await Deno.open(path);
  const stream = file.readable.pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

Deno.test("page: all of it is under 100 KB compressed, and asks nobody else for anything", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await buildPage(folder, run);
    const names = ["index.html", "page.js", "page.css", "icon.svg"];
    const sizes = await Promise.all(names.map((name) => compressed(`${folder}/${name}`)));
    const total = sizes.reduce((sum, size) => sum + size);
    assert(total < 100_000, `${total} bytes`);
    const [html = "", script = "", style = ""] = await Promise.all(
      names.map((name) => Deno.readTextFile(`${folder}/${name}`)),
    );
    // the policy would forbid them, and the page would be without
    assert(!/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/i.test(html), html);
    assertEquals([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path]) => path), [
      "/web/icon.svg",
      "/web/page.css",
      "/web/page.js",
    ]);
    for (const { noScript } of LANGUAGES) assert(html.includes(noScript), noScript);
    assert(!/@import|url\(/.test(style));
    assertMatch(script, /\/web\/events/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("page: no part of it makes markup or code of text", async () => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySet|document\.write|\beval\(|new Function|srcdoc/;
  for await (const path of scriptsIn(SOURCES)) {
    assert(!forbidden.test(await Deno.readTextFile(path)), path);
  }
});
