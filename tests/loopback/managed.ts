/** A manager over real sockets on this machine, with its clock on the wall in the test's hands. */
import type { NewTorrent, SessionPatch, TorrentView } from "../../src/manager/mod.ts";
import type { EngineEvent, EngineOptions } from "../../src/session/mod.ts";
import { type HostedManager, hostManager } from "../../src/engine/manager_host.ts";
import { type Folder, type LabTorrent, QUIET } from "./lab.ts";

/** Only a test that fails waits so long. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;

/** A manager and what it said. Stopped at the end of its scope. */
export class Managed implements AsyncDisposable {
  readonly events: EngineEvent[] = [];
  readonly #hosted: HostedManager;

  private constructor(hosted: HostedManager) {
    this.#hosted = hosted;
  }

  /** A manager in `folder`, with settings of its own. */
  static async start(
    folder: Folder,
    settings: SessionPatch = {},
    over: Partial<Omit<EngineOptions, "folder">> = {},
  ): Promise<Managed> {
    const events: EngineEvent[] = [];
    const hosted = await hostManager({
      engine: {
        folder: folder.path,
        ...QUIET,
        ...over,
      },
      settings,
      watch: [],
    }, (event) => events.push(event));
    const managed = new Managed(hosted);
    managed.events.push(...events);
    return managed;
  }

  get manager(): HostedManager["manager"] {
    return this.#hosted.manager;
  }

  /** Takes a torrent in; resolves with its number. */
  async add(torrent: LabTorrent, more: Omit<NewTorrent, "torrent"> = {}): Promise<number> {
    return (await this.manager.add({ torrent: torrent.bytes, ...more })).id;
  }

  /** The only torrent, or that of a number. */
  async view(id: number | null = null): Promise<TorrentView> {
    const [view] = await this.manager.torrents(id === null ? null : [id], ["why"]);
    if (view === undefined) throw new Error("Expected a torrent");
    return view;
  }

  /** The torrent once it is as `fits` wants it. */
  async until(
    fits: (view: TorrentView) => boolean,
    id: number | null = null,
  ): Promise<TorrentView> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const view = await this.view(id);
      if (fits(view)) return view;
      if (performance.now() > end) throw new Error(`It stayed as ${JSON.stringify(view)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Where peers can reach it. */
  async address(): Promise<string> {
    return `127.0.0.1:${(await this.manager.session()).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hosted.stop(5_000);
  }
}
