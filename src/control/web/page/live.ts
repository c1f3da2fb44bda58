/** The stream of live figures, held open while somebody may look. */
import type { LiveEvent } from "../row.ts";
import { type Connection, refusalOf } from "./connection.ts";
import { readEvents } from "./event_reader.ts";

/** Silence after which the connection counts as lost; the server speaks every five seconds at least. */
const SILENCE_MS = 15_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;
/** Who was refused may have to wait for somebody to do something. */
const REFUSED_MS = 5_000;
/** A page that nobody sees is not kept up to date for longer. */
const HIDDEN_MS = 30_000;

/** What it needs, and whom it tells. `Sent`: what says who we are. */
export interface LiveOptions<Sent> {
  /** Of this moment. */
  readonly headers: () => Sent;
  /** Asks for the stream; 401: not without the password. */
  readonly ask: (headers: Sent, signal: AbortSignal) => Promise<Response>;
  readonly onEvent: (event: LiveEvent) => void;
  readonly onConnection: (connection: Connection) => void;
  /** What was sent is refused. True: a password is needed, {@linkcode LiveStream.open} once it was given. */
  readonly onLocked: (headers: Sent) => boolean;
  readonly view: View;
}

/** What of the browser it looks at. */
export interface View {
  /** Nobody sees the page. */
  readonly hidden: boolean;
  /** Calls back when that changes. */
  onHidden(callback: () => void): void;
  /** Calls back when there is a network again. */
  onOnline(callback: () => void): void;
  /** Calls back once after `ms`; the result cancels that. */
  after(ms: number, callback: () => void): () => void;
}

/** Opens it again when it is lost, and closes it while the page is hidden. Lives as long as the page. */
export class LiveStream<Sent> {
  readonly #options: LiveOptions<Sent>;
  readonly #view: View;
  #stream: AbortController | null = null;
  /** Cancel what is waited for: an event or the next attempt, and the end of a page that is hidden. */
  #watch = () => {};
  #hiding = () => {};
  #attempts = 0;
  #locked = false;

  constructor(options: LiveOptions<Sent>) {
    this.#options = options;
    this.#view = options.view;
    this.#view.onHidden(() => this.#seen());
    this.#view.onOnline(() => this.#again());
    this.open();
  }

  /** Asks for it anew. */
  open(): void {
    this.#open();
    // another window may have given the password
    this.#seen();
  }

  #open(): void {
    this.close();
    this.#locked = false;
    const stream = new AbortController();
    this.#stream = stream;
    this.#expect();
    void this.#read(stream);
  }

  /** Ends it until it is opened. */
  close(): void {
    this.#watch();
    this.#stream?.abort();
    this.#stream = null;
  }

  #seen(): void {
    this.#hiding();
    if (this.#view.hidden) this.#hiding = this.#view.after(HIDDEN_MS, () => this.close());
    else if (this.#stream === null) this.#again();
  }

  #again(): void {
    if (!this.#locked && !this.#view.hidden) this.#open();
  }

  async #read(stream: AbortController): Promise<void> {
    const { headers, ask, onLocked } = this.#options;
    let connection: Connection = "lost";
    try {
      const sent = headers();
      const { status, ok, body } = await ask(sent, stream.signal);
      if (ok && body !== null) await readEvents(body, (data) => this.#take(stream, data));
      else await body?.cancel();
      if (this.#stream !== stream) return;
      if (status === 401) return onLocked(sent) ? this.#lock() : this.#open();
      if (!ok) connection = refusalOf(status);
    } catch {
      // told below, like an end
    }
    // whose place another one has is over already
    if (this.#stream === stream) this.#lose(connection);
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
    this.#watch();
    this.#watch = this.#view.after(SILENCE_MS, () => this.#lose("lost"));
  }

  #lose(connection: Connection): void {
    this.close();
    this.#options.onConnection(connection);
    const wait = connection === "lost"
      ? RETRY_MS[Math.min(this.#attempts++, RETRY_MS.length - 1)] ?? REFUSED_MS
      : REFUSED_MS;
    this.#watch = this.#view.after(wait, () => this.#open());
  }

  #lock(): void {
    this.close();
    this.#locked = true;
  }
}
