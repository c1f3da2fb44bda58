/** `--map-port` on a network with a router that answers at the ports of the standards. Arguments as in `harness/options.ts`. */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Network } from "./harness/network.ts";
import { options, temporaryFolder } from "./harness/options.ts";
import { makePayload, SMALL_FILE } from "./harness/payload.ts";
import type { Program } from "./harness/program.ts";
import { NAMESPACES, requirePrograms } from "./harness/requirements.ts";
import { findTm, TmSeed } from "./harness/tm.ts";
import { makeTorrent } from "./harness/torrent.ts";
import { until } from "./harness/until.ts";

const SECONDS = 40;
const SCRIPT = fromFileUrl(new URL("./stand_ins/router.ts", import.meta.url));

for (
  const [speaks, protocol, named] of [
    ["upnp", "UPnP", false],
    ["upnp", "UPnP", true],
    ["pcp", "PCP", true],
    ["nat-pmp", "NAT-PMP", true],
  ] as const
) {
  Deno.test(`a router with ${protocol} that is ${named ? "named" : "found"} opens our port, until we leave`, async () => {
    requirePrograms(NAMESPACES);
    const tm = findTm(options.tm);
    await using stack = new AsyncDisposableStack();
    const folder = await temporaryFolder(stack);
    const network = stack.use(await Network.create(folder));
    const host = await network.addHost();
    const router = await network.addHost();
    const program = router.start({
      name: "router",
      command: [
        ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-net"],
        ...["--unstable-net", SCRIPT, router.address, speaks],
      ],
      folder,
    });
    stack.defer(async () => void await program.stop());
    await until("the router", SECONDS, () => {
      program.assertRunning();
      return program.events().length > 0 || null;
    }, () => program.tail());
    await Deno.mkdir(`${folder}/payload`);
    const payload = await makePayload(`${folder}/payload`, "mapped.bin", SMALL_FILE, 91);
    const torrent = await makeTorrent("tm", tm, payload, null, 64 * 1024);
    const word = named ? `--map-port=${router.address}` : "--map-port";
    await using seed = new TmSeed(host, tm, torrent, payload.folder, folder, [word]);
    const port = await seed.port();
    const event = await until("a port to be opened", SECONDS, () => {
      seed.assertRunning();
      return seed.events().find(({ type, ok }) => type === "mapping" && ok === true) ?? null;
    }, () => seed.tail() + program.tail());
    assertEquals(
      [event.protocol, event.gateway, event.address, event.tcp],
      [protocol, router.address, "203.0.113.7", port],
    );
    const both = [`tcp ${port}`, `udp ${port}`];
    await opens(program, both);
    await seed.stop();
    await opens(program, []);
  });
}

/** Waits until the router keeps these ports open and no others. */
async function opens(router: Program, ports: readonly string[]): Promise<void> {
  await until(`[${ports}] to be open`, SECONDS, () => {
    const last = router.events().findLast(({ type }) => type === "open");
    const open = (last?.open ?? []) as string[];
    return open.map((each) => each.toLowerCase()).join() === ports.join() || null;
  }, () => router.tail());
}
