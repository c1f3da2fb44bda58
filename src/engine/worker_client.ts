import { dirname, fromFileUrl } from "@std/path";
import {
  receiveError,
  type StreamAnswer,
  type WorkerCall,
  type WorkerReply,
} from "./worker_messages.ts";

/** What a worker may touch: absolute real paths. Run, env and ffi cannot even be asked for. */
export interface WorkerPermissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: boolean;
  readonly sys: readonly ("statfs" | "networkInterfaces")[];
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls to a worker and their answers. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #ended = false;

  constructor(
    permissions: WorkerPermissions,
    onReply: (reply: WorkerReply) => void,
    onCrash: (message: string) => void,
  ) {
    const { read, write, net, sys } = permissions;
    this.#worker = new Worker(new URL("./engine_worker.ts", import.meta.url), {
      type: "module",
      name: "engine",
      deno: {
        permissions: {
          read: grant([...read, ...sourceFolder()]),
          write: grant(write),
          net,
          sys: sys.length > 0 ? [...sys] : false,
          env: false,
          run: false,
          ffi: false,
          import: false,
        },
      },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      if (data.type === "result") this.#take(data.id)?.resolve(data.value);
      else if (data.type === "failure") this.#take(data.id)?.reject(receiveError(data.error));
      else onReply(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault(); // told to those who wait; it must not end the process without a word
      const message = `The engine failed: ${event.message}`;
      this.#fail(message);
      onCrash(message);
    };
  }

  /** `transfer` is memory that goes along. */
  call(call: WorkerCall, transfer: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended) return Promise.reject(new Error("Expected a running engine"));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call }, transfer);
    });
  }

  /** Says what became of a chunk; `transfer` is memory that goes along. */
  answer(answer: StreamAnswer, transfer: ArrayBuffer[]): void {
    if (!this.#ended) this.#worker.postMessage(answer, transfer);
  }

  end(): void {
    this.#fail("The engine stopped");
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error(message));
    this.#waiting.clear();
  }
}

/** No path is no permission at all. */
function grant(paths: readonly string[]): string[] | false {
  return paths.length > 0 ? [...paths] : false;
}

/** From source, the worker has to read the modules it is made of; a compiled program carries them inside. */
function sourceFolder(): string[] {
  return Deno.build.standalone ? [] : [dirname(dirname(fromFileUrl(import.meta.url)))];
}
