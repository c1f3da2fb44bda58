import type { Bitfield } from "../base/mod.ts";
import { Message, type Outbox } from "../wire/mod.ts";

/** Above so many haves a bitfield is said: against BEP 3, but clients take one at any time, and it is far shorter. */
const MOST_HAVES = 8192;

/** Says what is there to a peer that has been greeted already. */
export function sayHaves(out: Outbox, have: Bitfield): void {
  if (have.count > MOST_HAVES) return out.bytes(Message.Bitfield, have.toWire());
  for (const piece of have) out.number(Message.Have, piece);
}
