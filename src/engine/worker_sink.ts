import type { Bytes } from "../base/mod.ts";
import type { StreamSink } from "../session/mod.ts";
import { receiveError, type StreamAnswer, type WorkerReply } from "./worker_messages.ts";

/** The stream of an engine worker: chunks go to the thread that started it, which writes them and gives them back. */
export class WorkerSink implements StreamSink {
  readonly #post: (reply: WorkerReply, transfer: ArrayBuffer[]) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<Bytes>>();
  #nextId = 0;

  constructor(post: (reply: WorkerReply, transfer: ArrayBuffer[]) => void) {
    this.#post = post;
  }

  write(chunk: Bytes): Promise<Bytes> {
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<Bytes>();
    this.#waiting.set(id, waiting);
    this.#post({ type: "output", id, chunk }, [chunk.buffer]);
    return waiting.promise;
  }

  /** The other thread has written a chunk, or could not. */
  answer(answer: StreamAnswer): void {
    const waiting = this.#waiting.get(answer.output);
    this.#waiting.delete(answer.output);
    if ("chunk" in answer) waiting?.resolve(answer.chunk);
    else waiting?.reject(receiveError(answer.error));
  }
}
