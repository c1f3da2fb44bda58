/** A manager whose every text is of the test's choosing: the page is a real one's, what it is told is not. */
import type { LiveEvent, Row, Totals } from "../../src/control/web/row.ts";
import { row } from "../control/web/rows.ts";

const TOTALS: Totals = {
  down: 0,
  up: 0,
  peers: 1,
  dhtNodes: 0,
  free: 1_000_000,
  port: 6_881,
  slow: false,
};

/** Answers of the RPC by method; a text is a refusal. A method that is not there succeeds with nothing. */
export type Answers = Readonly<Record<string, object | string>>;

/** Serves the page of the manager at `place`, with answers and rows of its own. */
export class FakeManager implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #tell: (event: LiveEvent) => void = () => {};
  #end: () => void = () => {};
  answers: Answers;
  version = "1.0.0";

  constructor(place: string, answers: Answers, rows: readonly Row[]) {
    this.answers = answers;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/web/events") return this.#events(rows);
      if (pathname === "/transmission/rpc") return this.#answer(await request.json());
      const { body, headers, status } = await fetch(new URL(pathname, place));
      const kept = ["content-type", "content-security-policy"].flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [[name, value] as [string, string]];
      });
      return new Response(body, { status, headers: kept });
    });
  }

  get place(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Tells the open page of a row that changed. */
  change(change: Pick<Row, "id"> & Partial<Row>): void {
    this.#tell({ all: false, rows: [change], removed: [], totals: TOTALS });
  }

  /** Another version takes over: the open page loses its stream. */
  upgrade(version: string): void {
    this.version = version;
    this.#end();
  }

  #answer({ method }: { readonly method: string }): Response {
    const answer = this.answers[method] ?? {};
    return Response.json(
      typeof answer === "string"
        ? { result: answer, arguments: {} }
        : { result: "success", arguments: answer },
    );
  }

  #events(rows: readonly Row[]): Response {
    const bytes = new TextEncoder();
    let timer: ReturnType<typeof setInterval> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => {
        this.#tell = (event) => stream.enqueue(bytes.encode(`data: ${JSON.stringify(event)}\n\n`));
        const { version } = this;
        this.#tell({ version, all: true, rows, removed: [], totals: TOTALS });
        this.#end = () => {
          clearInterval(timer);
          stream.close();
        };
        // silence would be a connection that is lost
        timer = setInterval(() => {
          this.#tell({ all: false, rows: [], removed: [], totals: TOTALS });
        }, 2_000);
      },
      cancel: () => clearInterval(timer),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** A torrent that has a text of `text` wherever it can have one, in the list and as the RPC tells it. */
export function torrentOf(text: (where: string) => string): {
  readonly row: Row;
  readonly torrent: object;
} {
  const peer = { port: 1, flagStr: "D", progress: 0.5, rateToClient: 1, rateToPeer: 1 };
  const tracker = {
    id: 0,
    lastAnnounceSucceeded: false,
    lastAnnounceTime: 1,
    nextAnnounceTime: 1,
    seederCount: 1,
    leecherCount: 1,
  };
  return {
    row: row(1, {
      name: text("name"),
      labels: [text("label")],
      trouble: { code: "tracker-warning", values: { said: text("trouble") }, text: "" },
      size: 2_000,
      done: 1_000,
    }),
    torrent: {
      addedDate: 1,
      bandwidthPriority: 0,
      comment: text("comment"),
      corruptEver: 0,
      creator: text("creator"),
      dateCreated: 1,
      doneDate: 0,
      downloadDir: text("folder"),
      downloadLimit: 0,
      downloadLimited: false,
      downloadedEver: 0,
      files: ["file", "other"].map((each) => ({
        name: `${text("root")}/${text("sub")}/${text(each)}`,
        length: 1_000,
      })),
      fileStats: [1, 2].map(() => ({ bytesCompleted: 1, priority: 0, wanted: true })),
      firstLastPieces: false,
      hashString: "a".repeat(40),
      honorsSessionLimits: true,
      isPrivate: false,
      labels: [text("label")],
      magnetLink: `magnet:?xt=urn:btih:${"a".repeat(40)}&dn=${text("link")}`,
      maxTotal: 0,
      "peer-limit": 1,
      peers: [{ ...peer, address: "198.51.100.7", clientName: text("client") }],
      pieceCount: 1,
      pieceSize: 16_384,
      pieces: "gA==",
      queuePosition: 0,
      seedIdleLimit: 0,
      seedIdleMode: 0,
      seedRatioLimit: 0,
      seedRatioMode: 0,
      seedTimeLimit: 0,
      seedTimeMode: 0,
      sequentialDownload: false,
      status: 4,
      trackerList: text("list"),
      trackerStats: [
        { ...tracker, announce: text("announce"), lastAnnounceResult: "" },
      ],
      trackerFaults: [{ id: 0, fault: null, said: text("answer") }],
      uploadLimit: 0,
      uploadLimited: false,
      uploadedEver: 0,
      why: {
        code: "metadata",
        values: {},
        text: text("why"),
        causes: [
          {
            cause: "tracker-refuses",
            values: { count: 1, total: 1, name: text("server"), said: text("refusal") },
            text: "",
            advice: "",
          },
          // the page has no words for it
          { cause: "new", values: {}, text: text("cause"), advice: text("advice") },
        ],
      },
    },
  };
}
