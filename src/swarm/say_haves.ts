import type { Bitfield } from "../base/mod.ts";
import { Message, type Outbox, type PeerConnection } from "../wire/mod.ts";

/** Above so many haves a bitfield is said: against BEP 3, but clients take one at any time, and it is far shorter. */
const MOST_HAVES = 8192;

/** Says what is there to a peer that has been greeted already. */
export function sayHaves(out: Outbox, have: Bitfield): void {
  if (have.count > MOST_HAVES) return out.bytes(Message.Bitfield, have.toWire());
  for (const piece of have) out.number(Message.Have, piece);
}

/** Says what is there (null: nothing that is offered) as the first message, in the shortest way the peer understands. */
export function sayFirst({ out, fast }: PeerConnection, have: Bitfield | null): void {
  const nothing = have === null || have.count === 0;
  if (fast && nothing) out.bare(Message.HaveNone);
  else if (fast && have?.full) out.bare(Message.HaveAll);
  else if (!nothing) out.bytes(Message.Bitfield, have.toWire());
}
