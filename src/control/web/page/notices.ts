/** What the reader is told: news that goes by itself, and what is wrong, which stays until it is dismissed. */

/** Something that was said; the same said twice has two numbers, and is heard twice. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** What the page has no words for, as the manager says it; empty: nothing. */
  readonly english: string;
}

/** How long news stays: for whoever looks up, and to be read. */
const NEWS_MS = 5_000;
const CHARACTER_MS = 80;
/** More that is wrong at a time would fill the page. */
const MAX_WRONG = 3;

/** Calls `fn` after `ms` milliseconds unless what it returns is called before. */
export type After = (ms: number, fn: () => void) => () => void;

/** Held while somebody points at it. Only the last news shows: it is in the list, too. */
export class Notices {
  readonly #after: After;
  readonly #onChange: () => void;
  #isHeld = false;
  #stop = () => {};
  /** The number of what is said next. */
  next = 1;
  news: Notice | null = null;
  wrong: readonly Notice[] = [];
  /** Questions that are open: they show it, as what is behind them is out of reach. */
  #questions = 0;

  constructor(onChange: () => void, after: After) {
    this.#onChange = onChange;
    this.#after = after;
  }

  /** A question is before the page. */
  get isAsking(): boolean {
    return this.#questions > 0;
  }

  /** Says something that happened. */
  say(text: string): void {
    this.news = { id: this.next++, text, english: "" };
    this.#wait();
    this.#onChange();
  }

  /** Says something that needs an answer, or more time than news has. */
  warn(text: string, english = ""): void {
    const others = this.wrong.filter((each) => each.text !== text || each.english !== english);
    this.wrong = [...others, { id: this.next++, text, english }].slice(-MAX_WRONG);
    this.#onChange();
  }

  /** Nothing of it is news any longer. */
  dismiss(): void {
    this.#stop();
    this.#isHeld = false;
    this.news = null;
    this.wrong = [];
    this.#onChange();
  }

  /** News stays while it is held. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#wait();
  }

  /** A question opens. What is returned is called when it closes: what was wrong in it is over then. */
  ask(): () => void {
    this.#questions++;
    const before = this.next;
    this.#onChange();
    return () => {
      this.#questions--;
      this.wrong = this.wrong.filter(({ id }) => id < before);
      // nobody points at what is no longer there
      this.hold(false);
      this.#onChange();
    };
  }

  #wait(): void {
    this.#stop();
    const { news } = this;
    if (news === null || this.#isHeld) return;
    this.#stop = this.#after(NEWS_MS + CHARACTER_MS * news.text.length, () => {
      this.news = null;
      this.#onChange();
    });
  }
}
