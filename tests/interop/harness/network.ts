import { NamespaceHost } from "./namespace_host.ts";
import { run } from "./run.ts";

const PREFIX = "tm-interop-";
const MOST_HOSTS = 99;

/**
 * Hosts (network namespaces) on one switch, with no way out. Nothing else is in there: neither addresses nor ports can
 * clash with any, and multicast reaches all. The names hold our process id, so that what a killed run left behind is
 * known as such and removed by the next.
 */
export class Network implements AsyncDisposable {
  readonly #name = `${PREFIX}${Deno.pid}-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  readonly #hosts: NamespaceHost[] = [];

  private constructor(readonly folder: string) {}

  /** Needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN); `folder` takes the logs. */
  static async create(folder: string): Promise<Network> {
    await sweep();
    const network = new Network(folder);
    try {
      await run(["ip", "netns", "add", network.#switch]);
      // Without snooping: nobody asks for the groups that LSD uses.
      await run([
        ...["ip", "-n", network.#switch, "link", "add", "br0", "type", "bridge"],
        ...["mcast_snooping", "0"],
      ]);
      await run(["ip", "-n", network.#switch, "link", "set", "br0", "up"]);
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw new Error("Cannot make network namespaces; run this as root", { cause: error });
    }
    return network;
  }

  /** Another machine on the switch. */
  async addHost(): Promise<NamespaceHost> {
    const number = this.#hosts.length + 1;
    if (number > MOST_HOSTS) throw new Error(`Expected at most ${MOST_HOSTS} hosts`);
    const host = new NamespaceHost(`${this.#name}-${number}`, this.folder, number);
    this.#hosts.push(host);
    await run(["ip", "netns", "add", host.namespace]);
    const port = `port${number}`;
    const end = ["peer", "name", "eth0", "netns", host.namespace];
    await run(["ip", "-n", this.#switch, "link", "add", port, "type", "veth", ...end]);
    await run(["ip", "-n", this.#switch, "link", "set", port, "master", "br0", "up"]);
    const ip = (...args: string[]) => run(["ip", "-n", host.namespace, ...args]);
    await ip("link", "set", "lo", "up");
    for (const address of [host.address, host.secondAddress]) {
      await ip("addr", "add", `${address}/24`, "dev", "eth0");
    }
    // Without nodad the address could not be bound for a second or two.
    await ip("addr", "add", `${host.address6}/64`, "dev", "eth0", "nodad");
    await ip("link", "set", "eth0", "up");
    // The route of multicast; and libtorrent listens only where there is one. It leads nowhere.
    await ip("route", "add", "default", "dev", "eth0");
    await ip("-6", "route", "add", "default", "dev", "eth0");
    return host;
  }

  /** What goes to `host` from now on goes at so many bytes a second, and waits in a queue of so long. */
  async narrow(host: NamespaceHost, bytesPerSecond: number, milliseconds: number): Promise<void> {
    const port = `port${this.#hosts.indexOf(host) + 1}`;
    await run([
      ...["tc", "-n", this.#switch, "qdisc", "add", "dev", port, "root", "tbf"],
      ...["rate", `${8 * bytesPerSecond}bit`, "burst", "10kb", "latency", `${milliseconds}ms`],
    ]);
  }

  /** The cables go with their ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host[Symbol.asyncDispose]()));
    const present = await names();
    for (const name of [...this.#hosts.map(({ namespace }) => namespace), this.#switch]) {
      if (present.includes(name)) await run(["ip", "netns", "del", name]);
    }
  }

  get #switch(): string {
    return `${this.#name}-switch`;
  }
}

async function names(): Promise<string[]> {
  const list = await run(["ip", "netns", "list"]);
  return list.split("\n").map((line) => line.split(" ")[0] ?? "").filter((name) => name !== "");
}

/** Removes namespaces of runs that are no more, and ends what still runs in them. */
async function sweep(): Promise<void> {
  for (const name of await names()) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split("-")[0] : undefined;
    if (pid === undefined || await exists(`/proc/${pid}`)) continue;
    await remove(name).catch(async (error) => {
      // Another test file sweeps at the same time.
      if ((await names()).includes(name)) throw error;
    });
  }
}

async function remove(namespace: string): Promise<void> {
  const left = await run(["ip", "netns", "pids", namespace]);
  for (const id of left.split("\n").filter((id) => id !== "")) {
    try {
      Deno.kill(Number(id), "SIGKILL");
    } catch (error) {
      // It ended by itself meanwhile.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  await run(["ip", "netns", "del", namespace]);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
