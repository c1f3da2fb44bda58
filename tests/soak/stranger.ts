/** What strangers do to a client over real sockets, in scripts of a few lines. */
import {
  type Bytes,
  concat,
  infoHash,
  peerId,
  type Random,
  randomBytes,
  readUint32,
  utf8,
} from "../../src/base/mod.ts";
import { encodeHandshake, Message } from "../../src/wire/mod.ts";
import type { LabTorrent } from "../loopback/lab.ts";
import type { RawPeer } from "../loopback/raw_peer.ts";
import { frame, uint32 } from "../wire/talk.ts";

/** What a script has at hand. Whoever runs it closes the peer when its time is over: then every call ends. */
export interface Meeting {
  readonly peer: RawPeer;
  readonly torrent: LabTorrent;
  readonly random: Random;
  /** Resolves after `ms`, or when the peer's time is over. */
  readonly pause: (ms: number) => Promise<void>;
  /** The peer's time is over. */
  readonly over: () => boolean;
}

export type Script = (meeting: Meeting) => Promise<void>;

/** Our half of a handshake under a name nobody had before. */
export function greeting({ torrent, random }: Meeting): Bytes {
  return encodeHandshake({
    infoHash: infoHash(torrent.hash),
    peerId: peerId(randomBytes(20, random)),
    fast: random.below(2) === 0,
    extended: random.below(2) === 0,
    dht: random.below(2) === 0,
  });
}

/** Behaves as a seed at a leisurely pace; `answer` may spoil a block or withhold it (null). */
async function serve(
  meeting: Meeting,
  answer: (block: Bytes) => Bytes | null = (block) => block,
): Promise<void> {
  const { peer, torrent: { data, pieceLength }, random, pause, over } = meeting;
  const pieces = Math.ceil(data.length / pieceLength);
  const have = new Uint8Array((pieces + 7) >> 3).fill(0xff);
  if (pieces % 8 > 0) have[have.length - 1] = (0xff << (8 - pieces % 8)) & 0xff;
  await peer.send(greeting(meeting), frame(Message.Bitfield, have), frame(Message.Unchoke));
  await peer.take(68);
  while (!over()) {
    const said = await peer.message();
    if (said === null) return;
    if (said[0] !== Message.Request) continue;
    const [piece, begin, length] = [1, 5, 9].map((at) => readUint32(said, at));
    const start = piece! * pieceLength + begin!;
    const block = answer(data.slice(start, start + length!));
    if (block === null) continue;
    await pause(random.below(40));
    await peer.send(frame(Message.Piece, piece!, begin!, block));
  }
}

/** No two lies are the same: several peers that agree would be believed against the torrent. */
function spoil(block: Bytes, random: Random): Bytes {
  block[random.below(block.length)]! ^= 1 + random.below(255);
  return block;
}

/** Reads and forgets until the other side or its time ends. */
async function listen({ peer, over }: Meeting): Promise<void> {
  while (!over() && await peer.message() !== null);
}

/** Asks for `count` blocks once it may. */
async function ask(meeting: Meeting, count: number): Promise<void> {
  const { peer, torrent: { data, pieceLength }, random, over } = meeting;
  await peer.send(greeting(meeting), frame(Message.Interested));
  await peer.take(68);
  for (let said = await peer.message(); said?.[0] !== Message.Unchoke;) {
    if (said === null || over()) return;
    said = await peer.message();
  }
  const pieces = Math.floor(data.length / pieceLength);
  const blocks = pieceLength >> 14;
  const requests = Array.from(
    { length: count },
    () => frame(Message.Request, random.below(pieces), random.below(blocks) << 14, 16_384),
  );
  await peer.send(...requests);
}

/** Peers of a torrent that we download. */
export const GIVERS: Readonly<Record<string, Script>> = {
  "serves": (meeting) => serve(meeting),
  "serves and leaves in the middle": (meeting) => {
    let left = meeting.random.below(60);
    return serve(meeting, (block) => {
      if (left-- < 0) meeting.peer.close();
      return block;
    });
  },
  "lies now and then": (meeting) =>
    serve(meeting, (block) => meeting.random.below(8) === 0 ? spoil(block, meeting.random) : block),
  "serves and falls silent": (meeting) => {
    let left = meeting.random.below(60);
    return serve(meeting, (block) => left-- > 0 ? block : null);
  },
  "chokes and unchokes": async (meeting) => {
    const turns = (async () => {
      while (!meeting.over()) {
        await meeting.pause(200 + meeting.random.below(2_000));
        await meeting.peer.send(frame(Message.Choke));
        await meeting.pause(100 + meeting.random.below(500));
        await meeting.peer.send(frame(Message.Unchoke));
      }
    })();
    await Promise.allSettled([serve(meeting), turns]);
  },
};

/** Peers of a torrent that we seed. */
export const TAKERS: Readonly<Record<string, Script>> = {
  "takes some": async (meeting) => {
    await ask(meeting, 1 + meeting.random.below(200));
    await listen(meeting);
  },
  "asks and is gone with a reset": async (meeting) => {
    await ask(meeting, 400);
    // closing what was not read resets the connection
    await meeting.pause(meeting.random.below(300));
    meeting.peer.close();
  },
  "asks for much and reads nothing": async (meeting) => {
    await ask(meeting, 2_000);
    await meeting.pause(Infinity);
  },
  "asks, says that it is done, and reads on": async (meeting) => {
    await ask(meeting, 100);
    await meeting.peer.conn.closeWrite();
    await listen(meeting);
  },
  "asks and cancels": async (meeting) => {
    await ask(meeting, 50);
    for (let i = 0; i < 50; i++) await meeting.peer.send(frame(Message.Cancel, 0, 0, 16_384));
    await listen(meeting);
  },
  "has everything too": async (meeting) => {
    const pieces = Math.ceil(meeting.torrent.data.length / meeting.torrent.pieceLength);
    const have = Array.from({ length: pieces }, (_, piece) => frame(Message.Have, piece));
    await meeting.peer.send(greeting(meeting), ...have);
    await listen(meeting);
  },
};

/** Strangers that are of no use to anybody. */
export const NUISANCES: Readonly<Record<string, Script>> = {
  "says nothing": (meeting) => meeting.pause(Infinity),
  "leaves at once": () => Promise.resolve(),
  "says half a handshake": async (meeting) => {
    await meeting.peer.send(greeting(meeting).subarray(0, meeting.random.below(68)));
    await meeting.pause(Infinity);
  },
  "greets and hangs up": async (meeting) => {
    await meeting.peer.send(greeting(meeting));
  },
  "ends its side before it greets": async (meeting) => {
    await meeting.peer.conn.closeWrite();
    await listen(meeting);
  },
  "sends garbage": async (meeting) => {
    await meeting.peer.send(randomBytes(1 + meeting.random.below(100_000), meeting.random));
    await listen(meeting);
  },
  "sends garbage after the handshake": async (meeting) => {
    await meeting.peer.send(greeting(meeting), randomBytes(5_000, meeting.random));
    await listen(meeting);
  },
  "speaks HTTP": async (meeting) => {
    await meeting.peer.send(utf8("GET / HTTP/1.1\r\n\r\n"));
    await listen(meeting);
  },
  "asks for another torrent": async (meeting) => {
    const other = { ...meeting.torrent, hash: randomBytes(20, meeting.random) };
    await meeting.peer.send(greeting({ ...meeting, torrent: other }));
    await listen(meeting);
  },
  "announces a message too long": async (meeting) => {
    await meeting.peer.send(greeting(meeting), uint32(0x7fff_ffff));
    await listen(meeting);
  },
  "sends blocks nobody asked for": async (meeting) => {
    await meeting.peer.send(greeting(meeting));
    const block = frame(Message.Piece, 0, 0, new Uint8Array(16_384));
    for (let i = 0; i < 100; i++) await meeting.peer.send(block);
    await listen(meeting);
  },
  "speaks a byte at a time": async (meeting) => {
    const said = concat(greeting(meeting), frame(Message.Interested), uint32(0));
    for (let at = 0; at < said.length && !meeting.over(); at++) {
      await meeting.peer.send(said.subarray(at, at + 1));
    }
    await listen(meeting);
  },
};
