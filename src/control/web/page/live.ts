/** The stream of live figures, held open while somebody may look. */
import type { LiveEvent } from "../row.ts";
import type { Connection } from "./connection.ts";
import { readEvents } from "./event_reader.ts";

/** Silence after which the connection counts as lost; the server speaks every five seconds at least. */
const SILENCE_MS = 15_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;
/** A page that nobody sees is not kept up to date for longer. */
const HIDDEN_MS = 30_000;

/** What it needs, and whom it tells. */
export interface LiveOptions {
  /** Asks for the stream; 401: not without the password. */
  readonly ask: (signal: AbortSignal) => Promise<Response>;
  readonly onEvent: (event: LiveEvent) => void;
  readonly onConnection: (connection: Connection) => void;
  /** A password is needed: {@linkcode LiveStream.open} once it was given. */
  readonly onLocked: () => void;
}

/** Opens it again when it is lost, and closes it while the page is hidden. Lives as long as the page. */
export class LiveStream {
  readonly #options: LiveOptions;
  #stream: AbortController | null = null;
  #watch = 0;
  #hiding = 0;
  #attempts = 0;
  #locked = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    document.addEventListener("visibilitychange", () => this.#seen());
    globalThis.addEventListener("online", () => this.#again());
    this.open();
  }

  /** Asks for it anew. */
  open(): void {
    this.close();
    this.#locked = false;
    const stream = new AbortController();
    this.#stream = stream;
    this.#expect();
    void this.#read(stream);
  }

  /** Ends it until it is opened. */
  close(): void {
    clearTimeout(this.#watch);
    this.#stream?.abort();
    this.#stream = null;
  }

  #seen(): void {
    clearTimeout(this.#hiding);
    if (document.hidden) this.#hiding = setTimeout(() => this.close(), HIDDEN_MS);
    else if (this.#stream === null) this.#again();
  }

  #again(): void {
    if (!this.#locked) this.open();
  }

  async #read(stream: AbortController): Promise<void> {
    try {
      const { status, ok, body } = await this.#options.ask(stream.signal);
      if (this.#stream !== stream) return;
      if (status === 401) return this.#lock();
      if (ok && body !== null) await readEvents(body, (data) => this.#take(stream, data));
    } catch {
      // told below, like an end
    }
    // whose place another one has is over already
    if (this.#stream === stream) this.#lose();
  }

  #take(stream: AbortController, data: string): void {
    if (this.#stream !== stream) return;
    this.#attempts = 0;
    this.#expect();
    this.#options.onConnection("live");
    this.#options.onEvent(JSON.parse(data) as LiveEvent);
  }

  /** Something must come in time. */
  #expect(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lose(), SILENCE_MS);
  }

  #lose(): void {
    this.close();
    this.#options.onConnection("lost");
    const wait = RETRY_MS[Math.min(this.#attempts++, RETRY_MS.length - 1)];
    this.#watch = setTimeout(() => this.open(), wait);
  }

  #lock(): void {
    this.close();
    this.#locked = true;
    this.#options.onLocked();
  }
}
