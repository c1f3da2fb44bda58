import { assert, assertEquals } from "@std/assert";
import { type Bytes, concat, type Random, randomBytes } from "../../src/base/mod.ts";
import { Method } from "../../src/wire/mse/mod.ts";
import { hear } from "../wire/talk.ts";
import { called, calling, Side } from "../wire/mse/pair.ts";
import { HASH } from "../wire/talk.ts";
import { fuzz } from "./harness.ts";

/** What a caller of this seed says to a called of that one, all of it. */
function saidByCaller(seed: number): Bytes {
  const a = new Side(1, true, calling(Method.Rc4, HASH, seed));
  const b = new Side(2, false, called({}, true, CALLED));
  const parts: Bytes[] = [];
  for (let i = 0; i < 3; i++) {
    const said = a.take();
    parts.push(said);
    hear(b.connection, said);
    hear(a.connection, b.take());
  }
  return concat(...parts);
}

/** What that called says to a caller of this seed. */
function saidByCalled(seed: number): Bytes {
  const a = new Side(1, true, calling(Method.Rc4, HASH, CALLER));
  const b = new Side(2, false, called({}, true, seed));
  const parts: Bytes[] = [];
  for (let i = 0; i < 3; i++) {
    hear(b.connection, a.take());
    const said = b.take();
    parts.push(said);
    hear(a.connection, said);
  }
  return concat(...parts);
}

const [CALLER, CALLED] = [50, 60];
const noise = (random: Random) => randomBytes(random.below(1400), random);

/** A connection closes or waits, and reads no more than it must before the handshake is over. */
function check(side: Side): void {
  const { connection, link } = side;
  assertEquals(connection.phase === "closed", link.closedFor !== null);
  assertEquals(connection.faulty, connection.phase === "closed");
  assert(connection.phase === "closed" || connection.reader.buffer.length <= 16 * 1024);
}

fuzz<Side>({
  name: "encrypted handshakes of who dials us",
  corpus: [1, 2, 3].map(saidByCaller),
  generate: noise,
  decode: (bytes) => {
    const side = new Side(2, false, called({}, true, CALLED));
    hear(side.connection, bytes, 1 + (bytes.length % 300));
    return side;
  },
  check,
});

fuzz<Side>({
  name: "encrypted handshakes of whom we dial",
  corpus: [1, 2, 3].map(saidByCalled),
  generate: noise,
  decode: (bytes) => {
    const side = new Side(1, true, calling(Method.Rc4, HASH, CALLER));
    hear(side.connection, bytes, 1 + (bytes.length % 300));
    return side;
  },
  check,
});
