/** A manager and its mirror as in two threads, whose messages are copies and come in order. */
import type { Detail, ManagerApi, Selection } from "../../src/manager/mod.ts";
import { ManagerMirror } from "../../src/engine/mirror/manager_mirror.ts";
import { ToldManager } from "../../src/engine/mirror/told_manager.ts";
import type { Changes } from "../../src/engine/mirror/changes.ts";
import type { World } from "../manager/world.ts";

export class Mirrored {
  readonly mirror: ManagerMirror;
  readonly told: ToldManager;
  /** Everything that was told. */
  readonly heard: Changes[] = [];
  /** How often everything was looked at. */
  looks = 0;
  /** What the manager was asked, but for looks. */
  readonly asked: (keyof ManagerApi)[] = [];
  /** The manager's thread is busy until this resolves, and gone when it rejects. */
  busy: Promise<void> = Promise.resolve();

  constructor(world: World) {
    this.told = new ToldManager(world.manager, (changes) => {
      if (changes !== null) this.heard.push(changes);
      this.mirror.hear(structuredClone(changes));
    }, () => world.clock.now());
    const manager = new Proxy({} as ManagerApi, {
      get: (_, name) => (...args: unknown[]) => this.#call(name as keyof ManagerApi, args),
    });
    this.mirror = new ManagerMirror({ manager, look: () => this.look() }, world.clock);
  }

  async look(): Promise<void> {
    this.looks++;
    await this.busy;
    await this.told.look();
  }

  /** Rows told so far. */
  get rows(): number {
    return this.heard.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  async #call(method: keyof ManagerApi, args: unknown[]): Promise<unknown> {
    this.asked.push(method);
    await this.busy;
    return structuredClone(await this.told.call(method, structuredClone(args)));
  }
}

/** What passing time changes, to be compared apart: each side rounds to whole seconds. */
const PASSING = ["secondsDownloading", "secondsSeeding", "etaIdle", "manualAnnounce"] as const;

/** Everything that two managers show, but for times that pass; and those times. */
export async function shown(manager: ManagerApi, details: readonly Detail[] = []) {
  const all = null as Selection;
  const torrents = await manager.torrents(all, details);
  const recent = await manager.recent(5000, []);
  const steady = torrents.map((view) =>
    Object.fromEntries(Object.entries(view).filter(([key]) => !PASSING.some((k) => k === key)))
  );
  const { current, total, ...stats } = await manager.stats();
  return {
    steady: {
      torrents: steady,
      recent: recent.torrents.map(({ id }) => id),
      removed: recent.removed,
      session: await manager.session(),
      stats: { ...stats, current: { ...current, active: 0 }, total: { ...total, active: 0 } },
    },
    passing: torrents.flatMap((view) => PASSING.map((key) => view[key])),
  };
}
