import { NamespaceHost } from "./host.ts";
import { run } from "./run.ts";

const PREFIX = "tm-interop-";

/**
 * Two network namespaces joined by a cable, with no way out: for a client that refuses peers on
 * loopback addresses. The names hold our process id, so that what a killed run left behind is
 * known as such and removed by the next.
 */
export class NamespacePair implements AsyncDisposable {
  readonly left: NamespaceHost;
  readonly right: NamespaceHost;

  private constructor(name: string) {
    // Nothing else is in there: the addresses cannot clash with any.
    this.left = new NamespaceHost(`${name}-a`, "10.78.0.1", "10.78.0.3");
    this.right = new NamespaceHost(`${name}-b`, "10.78.0.2", "10.78.0.4");
  }

  /** Needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN). */
  static async create(): Promise<NamespacePair> {
    await sweep();
    const pair = new NamespacePair(newName());
    const { left, right } = pair;
    try {
      await run(["ip", "netns", "add", left.namespace]);
      await run(["ip", "netns", "add", right.namespace]);
      const cable = ["type", "veth", "peer", "name", "eth0", "netns", right.namespace];
      await run(["ip", "link", "add", "eth0", "netns", left.namespace, ...cable]);
      for (const host of [left, right]) {
        const ip = (...args: string[]) => run(["ip", "-n", host.namespace, ...args]);
        await ip("link", "set", "lo", "up");
        for (const address of [host.address, host.secondAddress]) {
          await ip("addr", "add", `${address}/24`, "dev", "eth0");
        }
        await ip("link", "set", "eth0", "up");
      }
    } catch (error) {
      await pair[Symbol.asyncDispose]();
      throw new Error("Cannot make network namespaces; run this as root", { cause: error });
    }
    return pair;
  }

  /** The cable goes with its ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await removeNamespaces([this.left.namespace, this.right.namespace]);
  }
}

/** What the namespaces of one test are called; with something after it. */
export function newName(): string {
  return `${PREFIX}${Deno.pid}-${crypto.getRandomValues(new Uint16Array(1))[0]}`;
}

/** Removes those of these namespaces that are there. */
export async function removeNamespaces(namespaces: readonly string[]): Promise<void> {
  const present = await names();
  for (const namespace of namespaces) {
    if (present.includes(namespace)) await run(["ip", "netns", "del", namespace]);
  }
}

async function names(): Promise<string[]> {
  const list = await run(["ip", "netns", "list"]);
  return list.split("\n").map((line) => line.split(" ")[0] ?? "").filter((name) => name !== "");
}

/** Removes namespaces of runs that are no more, and ends what still runs in them. */
export async function sweep(): Promise<void> {
  for (const name of await names()) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split("-")[0] : undefined;
    if (pid === undefined || await exists(`/proc/${pid}`)) continue;
    const left = (await run(["ip", "netns", "pids", name])).split("\n").filter((id) => id !== "");
    for (const id of left) {
      try {
        Deno.kill(Number(id), "SIGKILL");
      } catch (error) {
        // It ended by itself meanwhile.
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    await run(["ip", "netns", "del", name]);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
