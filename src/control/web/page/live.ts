/** The stream of live figures, held open while somebody may look. */
import type { LiveEvent } from "../row.ts";

/** Silence after which the connection counts as lost; the server speaks every five seconds at least. */
const SILENCE_MS = 15_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;
/** A page that nobody sees is not kept up to date for longer. */
const HIDDEN_MS = 30_000;

/** How it stands. */
export type Connection = "connecting" | "live" | "lost";

/** What is told. */
export interface LiveListener {
  readonly onEvent: (event: LiveEvent) => void;
  readonly onConnection: (connection: Connection) => void;
}

/** Opens it again when it is lost, and closes it while the page is hidden. Lives as long as the page. */
export class LiveStream {
  readonly #listener: LiveListener;
  #source: EventSource | null = null;
  #watch = 0;
  #hiding = 0;
  #attempts = 0;

  constructor(listener: LiveListener) {
    this.#listener = listener;
    document.addEventListener("visibilitychange", () => this.#seen());
    globalThis.addEventListener("online", () => this.#open());
    this.#open();
  }

  #seen(): void {
    clearTimeout(this.#hiding);
    if (!document.hidden) {
      if (this.#source === null) this.#open();
    } else this.#hiding = setTimeout(() => this.#close(), HIDDEN_MS);
  }

  #open(): void {
    this.#close();
    const source = new EventSource("/web/events");
    this.#source = source;
    source.onmessage = ({ data }) => {
      this.#attempts = 0;
      this.#expect();
      this.#listener.onConnection("live");
      this.#listener.onEvent(JSON.parse(String(data)) as LiveEvent);
    };
    // the browser's own trying again gives up for good after any answer that is not 200
    source.onerror = () => this.#lose();
    this.#expect();
  }

  /** Something must come in time. */
  #expect(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lose(), SILENCE_MS);
  }

  #lose(): void {
    this.#close();
    this.#listener.onConnection("lost");
    const wait = RETRY_MS[Math.min(this.#attempts++, RETRY_MS.length - 1)];
    this.#watch = setTimeout(() => this.#open(), wait);
  }

  #close(): void {
    clearTimeout(this.#watch);
    this.#source?.close();
    this.#source = null;
  }
}
