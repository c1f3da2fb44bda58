/**
 * The engine worker's entry: a thin host around a {@linkcode Session}. The thread that starts it gives it the
 * download folder (for a stream not even that) and the network, nothing else, and gives up its own files afterwards.
 */
import { reuseDigestMemory } from "../base/mod.ts";
import type { EngineEvent, EngineOptions, Session } from "../session/mod.ts";
import type { HostedManager } from "./manager_host.ts";
import type { ToldManager } from "./mirror/told_manager.ts";
import {
  postError,
  type StreamAnswer,
  type WorkerCall,
  type WorkerReply,
  type WorkerRequest,
} from "./worker_messages.ts";
import { WorkerSink } from "./worker_sink.ts";

const port = globalThis as unknown as {
  postMessage(reply: WorkerReply, transfer?: ArrayBuffer[]): void;
  onmessage: ((event: MessageEvent<WorkerRequest | StreamAnswer>) => void) | null;
};
reuseDigestMemory();
const abort = new AbortController();
const sink = new WorkerSink((reply, transfer) => port.postMessage(reply, transfer));
let session: Session | null = null;
let managed: HostedManager | null = null;
let told: ToldManager | null = null;

port.onmessage = async ({ data }) => {
  if ("output" in data) return sink.answer(data);
  const { id, call } = data;
  try {
    port.postMessage({ type: "result", id, value: await answer(call) });
  } catch (error) {
    port.postMessage({ type: "failure", id, error: postError(error) });
  }
};

async function answer(call: WorkerCall): Promise<unknown> {
  switch (call.op) {
    case "start":
      session = await start(call.options);
      return null;
    case "add":
      return await session!.add(call.torrent, call.options);
    case "metadata":
      return await session!.metadata(call.magnet, call.options);
    case "start-manager": {
      const [{ hostManager }, { ToldManager }] = await Promise.all([
        import("./manager_host.ts"),
        import("./mirror/told_manager.ts"),
      ]);
      managed = await hostManager(call.options, (event) => {
        port.postMessage({ type: "event", event });
        told?.follow(event);
      });
      told = new ToldManager(
        managed.manager,
        (changes) => port.postMessage({ type: "changes", changes }),
      );
      return null;
    }
    case "manage":
      return await told!.call(call.method, call.args);
    case "look":
      await told!.look();
      return null;
    case "stop":
      await session?.stop(call.graceMs);
      await managed?.stop(call.graceMs);
      return null;
    case "verify":
      return await (await import("./jobs.ts")).verify(
        call.request,
        (progress) => port.postMessage({ type: "hashed", progress }),
        abort.signal,
      );
    case "create":
      return await (await import("./jobs.ts")).create(
        call.request,
        (progress) => port.postMessage({ type: "hashed", progress }),
        abort.signal,
      );
    case "abort":
      abort.abort();
      return null;
  }
}

/** The disk worker comes up on another core while the rest of the engine is loaded here. */
async function start(options: EngineOptions): Promise<Session> {
  const emit = (event: EngineEvent) => port.postMessage({ type: "event", event });
  const { folder, served } = options;
  if (folder === null) {
    const { Session } = await import("../session/mod.ts");
    return await Session.start(options, emit, { sink });
  }
  const { DiskClient } = await import("../storage/mod.ts");
  const disk = DiskClient.start(folder, served);
  disk.catch(() => {}); // reported by the session, which waits for it too
  const { Session } = await import("../session/mod.ts");
  return await Session.start(options, emit, { disk });
}
