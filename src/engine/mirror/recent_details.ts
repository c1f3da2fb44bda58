import type { Detail, ManagerApi, TorrentDetails, TorrentView } from "../../manager/mod.ts";
import { type MirrorClock, soon } from "./soon.ts";

/** Asked again within this, the same answer is given. */
const YOUNG_MS = 250;
/** An answer of this age is better than none while the engine is busy. */
const OLD_MS = 5_000;
/** Answers at hand: what a few clients look at. */
const MOST_ANSWERS = 8;
/** Files, peers, trackers, causes and 16 bytes of a bitfield each in one of them; longer ones are not kept. */
const MOST_ITEMS = 10_000;

type FullView = TorrentView & TorrentDetails;

/** What somebody asks for. */
interface Question {
  /** Null: nothing is at hand. */
  kept: { readonly answer: readonly FullView[]; readonly at: number } | null;
  /** The next answer is on its way. */
  asking: Promise<readonly FullView[]> | null;
}

/**
 * Long lists of torrents. The engine is asked for them each time; while it is busy, who asks again and again has what
 * was answered the last time.
 */
export class RecentDetails {
  readonly #ask: ManagerApi["torrents"];
  readonly #clock: MirrorClock;
  #questions = new Map<string, Question>();

  constructor(ask: ManagerApi["torrents"], clock: MirrorClock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** Lists of torrents by their numbers; those that went meanwhile are passed over. Rejects as the engine does. */
  async get(ids: readonly number[], details: readonly Detail[]): Promise<readonly FullView[]> {
    const question = this.#questionOf(JSON.stringify([ids, details]));
    const { kept } = question;
    const age = kept === null ? Infinity : this.#clock.now() - kept.at;
    if (kept !== null && age <= YOUNG_MS) return kept.answer;
    const asking = question.asking ??= this.#renew(ids, details, question);
    if (kept === null || age > OLD_MS) return await asking;
    await soon(asking, this.#clock);
    return question.asking === null ? await asking : kept.answer;
  }

  /** Something was changed, or nobody asks any more: no answer from before is given again. */
  forget(): void {
    this.#questions = new Map();
  }

  async #renew(
    ids: readonly number[],
    details: readonly Detail[],
    question: Question,
  ): Promise<readonly FullView[]> {
    try {
      const answer = await this.#ask(ids, details);
      question.kept = count(answer) > MOST_ITEMS ? null : { answer, at: this.#clock.now() };
      return answer;
    } finally {
      question.asking = null;
    }
  }

  #questionOf(key: string): Question {
    const question = this.#questions.get(key) ?? { kept: null, asking: null };
    this.#questions.delete(key);
    this.#questions.set(key, question);
    if (this.#questions.size > MOST_ANSWERS) {
      this.#questions.delete(this.#questions.keys().next().value!);
    }
    return question;
  }
}

function count(answer: readonly FullView[]): number {
  let items = 0;
  for (const { files, connected, trackers, have, why } of answer) {
    items += 1 + (files?.length ?? 0) + (connected?.length ?? 0) + (trackers?.length ?? 0) +
      (have?.length ?? 0) / 16 + (why?.causes.length ?? 0);
  }
  return items;
}
