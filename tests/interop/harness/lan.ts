import { NamespaceHost } from "./host.ts";
import { newName, removeNamespaces, sweep } from "./namespaces.ts";
import { run } from "./run.ts";

/** What leads to multicast groups. */
const MULTICAST = "224.0.0.0/4";

/** Some hosts on one switch with no way out, each with an address of both families, where multicast reaches everybody. */
export class NamespaceLan implements AsyncDisposable {
  readonly hosts: readonly NamespaceHost[];
  readonly #switch: string;

  private constructor(name: string, count: number) {
    this.#switch = `${name}-s`;
    this.hosts = Array.from(
      { length: count },
      (_, i) => new NamespaceHost(`${name}-${i + 1}`, `10.78.1.${i + 1}`, `10.78.1.${i + 101}`),
    );
  }

  /** Needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN). */
  static async create(count: number): Promise<NamespaceLan> {
    await sweep();
    const lan = new NamespaceLan(newName(), count);
    try {
      await lan.#build();
    } catch (error) {
      await lan[Symbol.asyncDispose]();
      throw new Error("Cannot make network namespaces; run this as root", { cause: error });
    }
    return lan;
  }

  async #build(): Promise<void> {
    await run(["ip", "netns", "add", this.#switch]);
    const inSwitch = (...args: string[]) => run(["ip", "-n", this.#switch, ...args]);
    // without snooping the switch hands multicast on to all
    await inSwitch("link", "add", "bridge", "type", "bridge", "mcast_snooping", "0");
    await inSwitch("link", "set", "bridge", "up");
    for (const [i, { namespace, address, secondAddress }] of this.hosts.entries()) {
      const port = `port${i + 1}`;
      await run(["ip", "netns", "add", namespace]);
      const ends = ["type", "veth", "peer", "name", "eth0", "netns", namespace];
      await inSwitch("link", "add", port, ...ends);
      await inSwitch("link", "set", port, "master", "bridge", "up");
      const ip = (...args: string[]) => run(["ip", "-n", namespace, ...args]);
      await ip("link", "set", "lo", "up");
      for (const each of [address, secondAddress]) {
        await ip("addr", "add", `${each}/24`, "dev", "eth0");
      }
      await ip("addr", "add", `fd78::${i + 1}/64`, "dev", "eth0", "nodad");
      await ip("link", "set", "eth0", "up");
      await ip("route", "add", MULTICAST, "dev", "eth0");
    }
  }

  /** The cables go with their ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await removeNamespaces([...this.hosts.map(({ namespace }) => namespace), this.#switch]);
  }
}
