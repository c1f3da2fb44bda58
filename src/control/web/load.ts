import type { PageFile, PageFiles } from "./page_server.ts";

const FILES = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/web/page.css", "page.css", "text/css; charset=utf-8"],
  ["/web/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/web/icon.svg", "icon.svg", "image/svg+xml"],
] as const;

/** Where the page's files can be asked for. */
export const PAGE_PATHS: readonly string[] = FILES.map(([path]) => path);

/**
 * Reads the page's files: in a compiled program those beside its code, which takes no permission, from source what
 * `deno task page` made. Null when they are not there.
 */
export async function loadPage(): Promise<PageFiles> {
  const folder = new URL(
    Deno.build.standalone ? "./page/" : "../../../dist/page/",
    import.meta.url,
  );
  try {
    return new Map(
      await Promise.all(FILES.map(async ([path, name, type]): Promise<[string, PageFile]> => {
        return [path, { type, bytes: await Deno.readFile(new URL(name, folder)) }];
      })),
    );
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable;
    if (isMissing) return null;
    throw error;
  }
}
