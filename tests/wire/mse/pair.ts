/** Two connections whose bytes go to each other, encrypted as told, without a network. */
import { binaryString, type Bytes, type InfoHash, SeededRandom } from "../../../src/base/mod.ts";
import type { Opening } from "../../../src/wire/mod.ts";
import { PeerConnection } from "../../../src/wire/mod.ts";
import {
  Called,
  type CalledParts,
  Caller,
  Method,
  torrentMark,
} from "../../../src/wire/mse/mod.ts";
import { Diary, GEOMETRY, handshake, HASH, hear, NOW, QuietLink } from "../talk.ts";

/** How a caller begins that offers `methods`. */
export function calling(
  methods: number = Method.Plain | Method.Rc4,
  infoHash: InfoHash = HASH,
  seed = 1,
): Opening {
  const random = new SeededRandom(seed);
  return { plain: false, prelude: () => new Caller(infoHash, methods, random) };
}

/** What somebody knows who has the torrent of {@linkcode HASH}. */
export function calledParts(over: Partial<CalledParts> = {}, seed = 2): CalledParts {
  const ours = binaryString(torrentMark(HASH));
  return {
    torrent: (mark) => binaryString(mark) === ours ? HASH : null,
    methods: [Method.Plain, Method.Rc4],
    random: new SeededRandom(seed),
    mayCompute: () => true,
    ...over,
  };
}

/** How somebody may begin with us. */
export function called(over: Partial<CalledParts> = {}, plain = true, seed = 2): Opening {
  const parts = calledParts(over, seed);
  return { plain, prelude: () => new Called(parts) };
}

/** One side. */
export class Side {
  readonly diary = new Diary();
  readonly link = new QuietLink();
  readonly connection: PeerConnection;

  constructor(id: number, outgoing: boolean, opening?: Opening) {
    const mine = handshake(id);
    this.connection = new PeerConnection(
      outgoing ? mine : null,
      () => ({ geometry: GEOMETRY, handler: this.diary, mine }),
      NOW,
      opening,
    );
    this.connection.attach(this.link);
  }

  /** What it wants to send. */
  take(): Bytes {
    return this.connection.out.take().slice();
  }
}

/** Carries bytes both ways, at most `step` at a time, until neither has anything to say. */
export function converse(a: Side, b: Side, step = Infinity): void {
  for (;;) {
    const [there, back] = [a.take(), b.take()];
    if (there.length + back.length === 0) return;
    hear(b.connection, there, step);
    hear(a.connection, back, step);
  }
}
