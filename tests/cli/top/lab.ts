/** A model of `tm top` with torrents, and its screen as text. */
import { json, readFiles, readSummary } from "../../../src/remote/mod.ts";
import { textOf } from "../../../src/cli/top/line.ts";
import {
  type Content,
  type Event,
  initialState,
  type Request,
  type TopState,
} from "../../../src/cli/top/model.ts";
import { update } from "../../../src/cli/top/update.ts";
import { render } from "../../../src/cli/top/view.ts";
import { loadWidths } from "../../../src/cli/printable.ts";
import { type Json, torrent } from "../fake_manager.ts";

/** `tm top` without anything around it. */
export class Lab {
  state: TopState;
  /** What was to be done, and not looked at so far. */
  #requests: Request[] = [];

  constructor(columns = 80, rows = 24) {
    const session = { version: "3.00", units: { "speed-bytes": 1000 } };
    const start = { columns, rows, now: 0, date: 1_700_000_000, session };
    this.state = initialState({ host: "127.0.0.1:9091", ...start });
  }

  /** Something happens, `after` milliseconds later. */
  happen(event: Event, after = 0): this {
    const now = this.state.now + after;
    const [state, requests] = update(this.state, event, now, 1_700_000_000);
    this.state = state;
    this.#requests.push(...requests);
    return this;
  }

  /** Keys, by their names. */
  press(...keys: string[]): this {
    for (const key of keys) this.happen({ type: "key", key });
    return this;
  }

  /** Every letter is a key. */
  type(text: string): this {
    return this.press(...text);
  }

  tick(after = 1000): this {
    return this.happen({ type: "tick" }, after);
  }

  /** All torrents are asked for and these are told. */
  list(torrents: readonly Json[], all = true, removed: readonly number[] = []): this {
    return this.happen({ type: "list", all, torrents: torrents.map(readSummary), removed });
  }

  panel(content: Content | null): this {
    return this.happen({ type: "panel", hash: this.state.cursor ?? "", content });
  }

  /** What was to be done since the last look. */
  requests(): Request[] {
    const requests = this.#requests;
    this.#requests = [];
    return requests;
  }

  /** The calls that change something among them. */
  acts(): [method: string, parameters: Json][] {
    return this.requests().flatMap((request) =>
      request.type === "act" ? [[request.method, request.parameters as Json] as [string, Json]] : []
    );
  }

  /** The kinds of what was to be done. */
  kinds(): string[] {
    return this.requests().map((request) =>
      request.type === "list" ? `list ${request.all ? "all" : "recent"}` : request.type
    );
  }

  lines(): string[] {
    return render(this.state).map(textOf);
  }

  /** The screen, spaces at the ends of lines left out. */
  screen(): string {
    return this.lines().map((line) => line.trimEnd()).join("\n");
  }

  /** Names in the order of the list. */
  names(): string[] {
    return this.state.shown.map(({ name }) => name);
  }
}

/** The info hash of the torrent with that number in tests. */
export function hashOf(id: number): string {
  return String(torrent(id, "").hashString);
}

/** Four torrents that have something to show. */
export async function four(columns = 80, rows = 24): Promise<Lab> {
  const torrents = [
    torrent(1, "debian-12.5.0-amd64-netinst.iso", {
      rateDownload: 1_300_000,
      eta: 200,
      labels: ["linux", "iso"],
    }),
    torrent(2, "Sintel", { status: 6, leftUntilDone: 0, rateUpload: 51_200, uploadRatio: 12.345 }),
    torrent(3, "日本の映画コレクション第二巻", { status: 2, recheckProgress: 0.42 }),
    torrent(4, "evil\x1b[2J\x1b]0;x\x07\u202egpj.exe\nnew", {
      status: 0,
      error: 3,
      errorString: "No space left\x1b[1m on the disk",
    }),
  ];
  await loadWidths(torrents.map(({ name }) => String(name)));
  return new Lab(columns, rows).list(torrents);
}

/** Files of a panel. */
export function files(...paths: readonly (readonly [path: string, wanted?: boolean])[]): Content {
  const from = {
    files: paths.map(([name], i) => ({
      name,
      length: 1000 * 2 ** 10 * (i + 1),
      bytesCompleted: 0,
    })),
    wanted: paths.map(([, wanted = true]) => wanted),
    priorities: paths.map(() => 0),
  };
  return { tab: "files", files: readFiles(json.asObject(from, "files")) };
}
