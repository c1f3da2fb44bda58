/** Who is let in of those who connect to us; nothing here touches a network. */
import { assertEquals } from "@std/assert";
import { SeededRandom } from "../../src/base/mod.ts";
import type { Carrier, CarrierLink } from "../../src/net/mod.ts";
import type { SessionContext } from "../../src/session/context.ts";
import { Encryption } from "../../src/session/encryption.ts";
import { Handshakes } from "../../src/session/handshakes.ts";
import { Incoming } from "../../src/session/incoming.ts";
import { SessionShares } from "../../src/session/shares.ts";
import type { Torrents } from "../../src/session/torrents.ts";
import type { PeerConnection } from "../../src/wire/mod.ts";
import { NOW } from "../wire/talk.ts";

/** A stranger that says nothing. */
class SilentCarrier implements Carrier {
  readonly transport = "tcp";
  readonly localPort = 5000;
  closed = false;
  #ended = Promise.withResolvers<void>();

  carry(connection: PeerConnection): CarrierLink {
    connection.attach({ sending: 0, flush() {}, close: () => this.close() });
    return { run: () => this.#ended.promise, freed: () => Promise.resolve() };
  }

  close(): void {
    this.closed = true;
    this.#ended.resolve();
  }
}

class Lab {
  readonly #taken = new Map<SilentCarrier, Promise<void>>();
  readonly #incoming = new Incoming(
    {
      now: () => NOW,
      options: { connectTimeout: 10 },
      handshakes: new Handshakes(),
      shares: new SessionShares({ downloadLimit: 0, uploadLimit: 0 }, () => NOW),
      policy: { filtered: () => false },
      encryption: new Encryption("prefer", new SeededRandom(1), NOW),
      emit: () => {},
      turns: null,
    } as unknown as SessionContext,
    {} as Torrents,
  );

  /** One that comes from there. */
  arrive(host: string, port = 1_000): SilentCarrier {
    const carrier = new SilentCarrier();
    this.#taken.set(carrier, this.#incoming.take(carrier, { host, port }));
    return carrier;
  }

  /** Of so many that come from there, those that may stay. */
  stay(count: number, host: (i: number) => string): number {
    const came = Array.from({ length: count }, (_, i) => this.arrive(host(i), 1_000 + i));
    return came.filter(({ closed }) => !closed).length;
  }

  async leave(carrier: SilentCarrier): Promise<void> {
    carrier.close();
    await this.#taken.get(carrier);
  }

  async close(): Promise<void> {
    this.#incoming.close();
    await Promise.all(this.#taken.values());
  }
}

Deno.test("eight may come from one address, of IPv6 from one network of 64 bits, near by any number", async () => {
  const lab = new Lab();
  assertEquals(lab.stay(12, () => "8.8.8.8"), 8);
  assertEquals(lab.stay(12, (i) => `2600:1:2:3::${i + 1}`), 8);
  assertEquals(lab.stay(12, (i) => `2600:1:2:${i + 4}::1`), 12);
  assertEquals(lab.stay(12, () => "192.168.1.7"), 12);
  await lab.close();
});

Deno.test("who leaves makes room for the next from there", async () => {
  const lab = new Lab();
  const first = lab.arrive("8.8.8.8");
  assertEquals(lab.stay(8, () => "8.8.8.8"), 7);
  await lab.leave(first);
  assertEquals(lab.stay(2, () => "8.8.8.8"), 1);
  await lab.close();
});
