/**
 * The web page: its files in `page/`, how they are served, and the live figures it shows.
 *
 * How it gets into the program. `page/` is TypeScript for browsers, with Preact and uPlot (npm, pinned in `deno.lock`)
 * and nothing else; a workspace member of its own, so that it alone is checked against the browser's types. `scripts/page.ts`
 * bundles it with the bundler that the program is bundled with, into three small files; nothing built is kept in the
 * repository. `deno task compile` embeds them (`--include`), and as nothing imports them they cost the start of a
 * command nothing. From source, `deno task page` makes them in `dist/page`. Either way they are read when the control
 * server starts, before the main thread gives up its files, and are held in memory. They are compressed at the first
 * request.
 *
 * What a browser may do with it. The content security policy allows the page's own script and style and calls of its
 * own origin: nothing inline, nothing of others, no frame around it. Names, comments and messages of torrents only ever
 * become text nodes. Its files tell nothing of the manager and come without the password, for which the page then asks;
 * who gave it is known by a token (`../logins.ts`) that the page sends, and no browser by itself. Changes go by the RPC with its session id, as any client's do; the stream of live figures is read
 * by GET like `/metrics`, which a page of another site can neither read nor frame.
 *
 * Terms. A *row* is what the list shows of a torrent. A *page* is one browser window that listens.
 */
export { LiveFigures, ReadTooSlowly } from "./live.ts";
export { loadPage } from "./load.ts";
export { type PageFile, type PageFiles, PageServer } from "./page_server.ts";
export type { LiveEvent, Row, RowChange, Totals } from "./row.ts";
