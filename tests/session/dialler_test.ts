import { assertEquals } from "@std/assert";
import {
  type Endpoint,
  equalBytes,
  formatEndpoint,
  type InfoHash,
  type Millis,
  millis,
  SeededRandom,
} from "../../src/base/mod.ts";
import type { Carrier, CarrierLink, LinkContext } from "../../src/net/mod.ts";
import type { SessionContext } from "../../src/session/context.ts";
import { type DialFault, DialFaults } from "../../src/session/dial_faults.ts";
import { type Attempt, DialPlan } from "../../src/session/dial_plan.ts";
import { type DialHost, Dialler } from "../../src/session/dialler.ts";
import { Encryption } from "../../src/session/encryption.ts";
import { Handshakes } from "../../src/session/handshakes.ts";
import { SessionShares } from "../../src/session/shares.ts";
import type { Accepted, Handshake, PeerConnection } from "../../src/wire/mod.ts";
import { encodeHandshake } from "../../src/wire/mod.ts";
import { Diary, GEOMETRY, handshake, HASH, hear, NOW } from "../wire/talk.ts";

const AT: Endpoint = { host: "8.8.8.8", port: 6881 };
const NO_LIMITS = { downloadLimit: 0, uploadLimit: 0 };

/** What happens at the other end once the way stands. */
type Other = (connection: PeerConnection) => void;

/** A way to a peer that does as it is told, without a network. */
class FakeCarrier implements Carrier {
  closed = false;
  constructor(readonly transport: "tcp" | "utp", readonly other: Other) {}
  readonly localPort = 5000;

  carry(connection: PeerConnection, _context: LinkContext): CarrierLink {
    const ended = Promise.withResolvers<void>();
    connection.attach({ sending: 0, flush() {}, close: () => ended.resolve() });
    return {
      run: () => {
        this.other(connection);
        return ended.promise;
      },
      freed: () => Promise.resolve(),
    };
  }

  close(): void {
    this.closed = true;
  }
}

/** One torrent's dials: TCP first, then uTP. */
class Lab extends DialPlan implements DialHost {
  readonly faults = new DialFaults();
  readonly told: string[] = [];
  readonly shares = new SessionShares(NO_LIMITS, () => NOW);
  readonly dialler: Dialler;
  readonly carriers: FakeCarrier[] = [];
  readonly signals: AbortSignal[] = [];
  /** What dials wait for. */
  held: Promise<void> | null = null;
  /** TCP has failed, and a call over uTP goes on. */
  eases = false;

  constructor(readonly others: Partial<Record<"tcp" | "utp", Other>>) {
    super("off");
    const context = {
      now: () => NOW,
      options: { connectTimeout: 10 },
      handshakes: new Handshakes(),
      shares: this.shares,
      plan: this,
      encryption: new Encryption("off", new SeededRandom(1), NOW),
      dial: async (
        _at: Endpoint,
        transport: "tcp" | "utp",
        signal: AbortSignal,
        eased: () => void,
      ) => {
        this.signals.push(signal);
        if (this.eases) eased();
        if (this.held !== null) {
          const aborted = Promise.withResolvers<never>();
          signal.addEventListener("abort", () => aborted.reject(signal.reason));
          await Promise.race([this.held, aborted.promise]);
        }
        const other = this.others[transport];
        if (other === undefined) throw new Deno.errors.ConnectionRefused("no");
        const carrier = new FakeCarrier(transport, other);
        this.carriers.push(carrier);
        return carrier;
      },
      emit: () => {},
      turns: null,
      wake: () => {},
    } as unknown as SessionContext;
    this.dialler = new Dialler(context, this.shares.torrent(NO_LIMITS), this);
  }

  isAsked(infoHash: InfoHash): boolean {
    return equalBytes(infoHash, HASH);
  }

  handshake(): Handshake {
    return handshake(1);
  }

  accept(_theirs: Handshake, _connection: PeerConnection, endpoint: Endpoint): Accepted | null {
    this.faults.works(endpoint);
    return { geometry: GEOMETRY, handler: new Diary(), mine: handshake(1) };
  }

  isOurselves(): boolean {
    return false;
  }

  failed(endpoint: Endpoint, _fault: DialFault, _now: Millis): void {
    this.told.push(`failed ${formatEndpoint(endpoint)}`);
  }

  override next(_at: Endpoint, { transport }: Attempt, fault: string): Attempt | null {
    this.told.push(`${transport} ${fault}`);
    return transport === "tcp" ? { transport: "utp", encrypted: false, changed: false } : null;
  }

  override works(_at: Endpoint, { transport }: Attempt): void {
    this.told.push(`${transport} works`);
  }
}

/** A peer that answers, and leaves. */
const answers: Other = (connection) => {
  hear(connection, encodeHandshake(handshake(2)), Infinity, millis(0));
  connection.close("bye");
};
const hangsUp: Other = (connection) => connection.close("Closed by the peer");

Deno.test("a dial tries one way after another until one works", async () => {
  const lab = new Lab({ utp: answers });
  await lab.dialler.dial(AT);
  assertEquals(lab.told, ["tcp refused", "utp works"]);
  assertEquals(lab.faults.size, 0);
  assertEquals([lab.dialler.size, lab.shares.connections.held], [0, 0]);
});

Deno.test("one that was taken in is not dialled once more when it leaves", async () => {
  const lab = new Lab({ tcp: answers, utp: answers });
  await lab.dialler.dial(AT);
  assertEquals(lab.told, ["tcp works"]);
});

Deno.test("when no way is left the last fault counts, once", async () => {
  const lab = new Lab({ utp: hangsUp });
  await lab.dialler.dial(AT);
  assertEquals(lab.told, ["tcp refused", "utp hung-up", "failed 8.8.8.8:6881"]);
  assertEquals(lab.faults.counts(), { "hung-up": 1 });
  assertEquals([lab.dialler.size, lab.shares.connections.held], [0, 0]);
});

Deno.test("closing ends the dials under way, and no other way is tried", async () => {
  const lab = new Lab({ tcp: () => {}, utp: answers });
  const dialled = lab.dialler.dial(AT);
  while (lab.carriers.length === 0) await Promise.resolve();
  await Promise.resolve();
  await lab.dialler.close();
  await dialled;
  assertEquals(lab.told.filter((line) => line.startsWith("utp")), []);
  assertEquals([lab.dialler.size, lab.shares.connections.held], [0, 0]);
});

Deno.test("a dial that succeeds right after the torrent stopped is not aborted but closed", async () => {
  const lab = new Lab({ tcp: answers });
  const stands = Promise.withResolvers<void>();
  lab.held = stands.promise;
  const dialled = lab.dialler.dial(AT);
  const closed = lab.dialler.close();
  stands.resolve();
  await Promise.all([closed, dialled]);
  assertEquals(lab.signals.map(({ aborted }) => aborted), [false]);
  assertEquals(lab.carriers.map((carrier) => carrier.closed), [true]);
});

Deno.test("a dial that hears nothing is aborted when the torrent stops", async () => {
  const lab = new Lab({ tcp: answers });
  lab.held = new Promise(() => {});
  const dialled = lab.dialler.dial(AT);
  await Promise.all([lab.dialler.close(), dialled]);
  assertEquals(lab.signals.map(({ aborted }) => aborted), [true]);
  assertEquals([lab.dialler.size, lab.shares.connections.held], [0, 0]);
});

Deno.test("a dial whose TCP was refused gives its place to others while uTP is called, and once", async () => {
  const lab = new Lab({ tcp: answers });
  const stands = Promise.withResolvers<void>();
  lab.held = stands.promise;
  const before = lab.dialler.dial(AT);
  assertEquals(lab.shares.dials.held, 1);
  lab.eases = true;
  const eased = lab.dialler.dial({ ...AT, port: 1 });
  assertEquals([lab.shares.dials.held, lab.shares.connections.held], [1, 2]);
  stands.resolve();
  await Promise.all([before, eased]);
  assertEquals([lab.shares.dials.held, lab.shares.connections.held], [0, 0]);
});
