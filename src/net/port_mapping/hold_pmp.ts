import type { Endpoint } from "../../base/mod.ts";
import { type LeaseStatus, PortLeases } from "../../gateway/mod.ts";
import { UdpSocket } from "../udp_socket.ts";
import type { MappingWorld } from "./mapping.ts";

/** A mapping by PCP or NAT-PMP. */
type Lent = Extract<LeaseStatus, { phase: "mapped" }>;
/** How it ended. */
export type PmpEnd = Extract<LeaseStatus, { phase: "failed" | "left" }>;

/**
 * Keeps the ports mapped by PCP or NAT-PMP until `signal`, or until the gateway no longer does. `client`: our own
 * address there, null: not known. Never rejects.
 */
export async function holdPmp(
  gateway: Endpoint,
  client: string | null,
  { ports, random, now }: Pick<MappingWorld, "ports" | "random" | "now">,
  report: (lent: Lent) => void,
  signal: AbortSignal,
): Promise<PmpEnd> {
  let socket: UdpSocket;
  try {
    socket = UdpSocket.bind(client ?? "0.0.0.0", 0);
  } catch {
    return { phase: "failed", silent: true, message: "it cannot be asked from here" };
  }
  const end = Promise.withResolvers<PmpEnd>();
  const leases = new PortLeases(
    { client, ports, random },
    (packet) => socket.send(packet, gateway),
    now(),
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = "";
  const look = () => {
    const { status } = leases;
    const text = JSON.stringify(status);
    if (status.phase === "mapped" && text !== told && !signal.aborted) report(status);
    told = text;
    if (status.phase === "failed" || status.phase === "left") return end.resolve(status);
    clearTimeout(timer);
    const wait = Math.max(0, leases.nextDeadline() - now());
    timer = setTimeout(step, Math.min(wait, 2 ** 31 - 1));
  };
  const step = () => {
    leases.tick(now());
    look();
  };
  const leave = () => {
    leases.leave(now());
    look();
  };
  const running = socket.run((packet, { host, port }) => {
    // nobody else can answer for it
    if (host !== gateway.host || port !== gateway.port) return;
    leases.receive(packet, now());
    look();
  });
  signal.addEventListener("abort", leave);
  if (signal.aborted) leave();
  else step();
  const ended = await end.promise;
  signal.removeEventListener("abort", leave);
  clearTimeout(timer);
  socket.close();
  await running;
  return ended;
}
