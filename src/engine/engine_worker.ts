/**
 * The engine worker's entry: a thin host around a {@linkcode Session}. The thread that starts it gives it the
 * download folder and the network, nothing else, and gives up its own files afterwards.
 */
import { create, verify } from "./jobs.ts";
import { Session } from "../session/mod.ts";
import {
  postError,
  type WorkerCall,
  type WorkerReply,
  type WorkerRequest,
} from "./worker_messages.ts";

const port = globalThis as unknown as {
  postMessage(reply: WorkerReply): void;
  onmessage: ((event: MessageEvent<WorkerRequest>) => void) | null;
};
const abort = new AbortController();
let session: Session | null = null;

port.onmessage = async ({ data: { id, call } }) => {
  try {
    port.postMessage({ type: "result", id, value: await answer(call) });
  } catch (error) {
    port.postMessage({ type: "failure", id, error: postError(error) });
  }
};

async function answer(call: WorkerCall): Promise<unknown> {
  switch (call.op) {
    case "start":
      session = await Session.start(
        call.options,
        (event) => port.postMessage({ type: "event", event }),
      );
      return null;
    case "add":
      return await session!.add(call.torrent, call.options);
    case "stop":
      await session?.stop(call.graceMs);
      return null;
    case "verify":
      return await verify(
        call.request,
        (progress) => port.postMessage({ type: "hashed", progress }),
        abort.signal,
      );
    case "create":
      return await create(
        call.request,
        (progress) => port.postMessage({ type: "hashed", progress }),
        abort.signal,
      );
    case "abort":
      abort.abort();
      return null;
  }
}
