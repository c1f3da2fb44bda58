/** Piece layers of a v2 torrent from peers (BEP 52): late answers, silence, and roots that no file has. */
import { assert, assertEquals } from "@std/assert";
import { type Bytes, concat, type MetainfoError, millis } from "../../src/base/mod.ts";
import {
  fileHeight,
  type MerkleFile,
  type MerklePieces,
  merkleRoot,
} from "../../src/metainfo/mod.ts";
import { MetadataFetch } from "../../src/swarm/mod.ts";
import {
  encodeHandshake,
  encodeHashes,
  encodeHashSpan,
  FrameReader,
  HANDSHAKE_SIZE,
  type HashSpan,
  Message,
  PeerConnection,
  readHashMessage,
} from "../../src/wire/mod.ts";
import { fill, frame, handshake, hear, QuietLink } from "../wire/talk.ts";
import { BLOCK, sha256Of } from "./bench.ts";
import { treesOf } from "./trees.ts";

/** A fetch of layers whose peers the test plays. */
class LayerBench {
  now = millis(1_000);
  readonly banned: string[] = [];
  readonly left: string[] = [];
  pieces: MerklePieces | null | undefined;
  failure: MetainfoError | null = null;
  readonly fetch = new MetadataFetch({
    digest: new Uint8Array(32),
    client: "Bench 1",
    port: null,
    peerExchange: false,
    observer: {
      hash: () => {},
      found: () => {},
      peerJoined: () => {},
      peerLeft: ({ identity: { host } }, reason) => this.left.push(`${host} ${reason}`),
      peerBanned: ({ identity: { host } }, reason) => this.banned.push(`${host} ${reason}`),
      peerNode: () => {},
      peersTold: () => {},
    },
  });
  #peers = 0;

  peer(): LayerPeer {
    return new LayerPeer(this, ++this.#peers);
  }

  begin(files: readonly MerkleFile[], pieceLength: number): void {
    this.fetch.fetchLayers(files, pieceLength, Infinity, this.now, {
      done: (pieces) => this.pieces = pieces,
      failed: (error) => this.failure = error,
    });
  }

  /** Time passes, a second at a time. */
  wait(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.now = millis(this.now + 1_000);
      this.fetch.tick(this.now);
    }
  }
}

class LayerPeer {
  readonly connection: PeerConnection;
  #greeted = false;

  constructor(readonly bench: LayerBench, id: number) {
    const { fetch, now } = bench;
    this.connection = new PeerConnection(null, (_, connection) => {
      const identity = { key: `8.8.8.${id}:1`, host: `8.8.8.${id}`, outgoing: false };
      const handler = fetch.join(connection, identity, now);
      return { geometry: null, handler, mine: handshake(200), v2: true };
    }, now);
    this.connection.attach(new QuietLink());
    const theirs = encodeHandshake(handshake(id, { v2: true, extended: false }));
    hear(this.connection, theirs, Infinity, now);
  }

  /** What it was asked for since the last call. */
  asked(): HashSpan[] {
    const out: HashSpan[] = [];
    const reader = new FrameReader(1_000_000);
    const bytes = this.connection.out.take().slice();
    for (let at = this.#greeted ? 0 : HANDSHAKE_SIZE; at < bytes.length;) {
      const count = fill(reader, bytes.subarray(at));
      reader.filled(count);
      at += count;
      while (reader.next()) {
        if (reader.buffer[reader.from] !== Message.HashRequest) continue;
        const payload = reader.buffer.slice(reader.from + 1, reader.to);
        out.push(readHashMessage(Message.HashRequest, payload).span);
      }
    }
    this.#greeted = true;
    return out;
  }

  gives(span: HashSpan, hashes: Bytes): void {
    this.#says(frame(Message.Hashes, encodeHashes(span, hashes)));
  }

  rejects(span: HashSpan): void {
    this.#says(frame(Message.HashReject, encodeHashSpan(span)));
  }

  #says(bytes: Uint8Array): void {
    hear(this.connection, bytes, Infinity, this.bench.now);
  }
}

/** Four pieces of one block: the layer is the whole tree but its root. */
const TREES = treesOf([4 * BLOCK], 1);
const [FILE] = TREES.merkle.files;
const LAYER = TREES.merkle.pieces.hashes;

Deno.test("layers: files alike have theirs fetched once", () => {
  const bench = new LayerBench();
  const peer = bench.peer();
  bench.begin([FILE!, { ...FILE!, firstPiece: 4 }], BLOCK);
  const asked = peer.asked();
  assertEquals(asked.length, 1);
  peer.gives(asked[0]!, LAYER);
  assertEquals(bench.pieces!.hashes, concat(LAYER, LAYER));
});

Deno.test("layers: who answers late is heard, and never sent away for it", () => {
  const files = Array.from({ length: 8 }, (_, i) => {
    const layer = concat(...[1, 2, 3, 4].map((n) => sha256Of(new Uint8Array([i, n]))));
    const root = merkleRoot(layer, 0, 2);
    return { layer, file: { root, length: 4 * BLOCK, firstPiece: 4 * i, pieceCount: 4 } };
  });
  const bench = new LayerBench();
  const late = bench.peer();
  bench.begin(files.map(({ file }) => file), BLOCK);
  const owed = late.asked();
  assertEquals(owed.length, 8);
  bench.wait(11);
  const prompt = bench.peer();
  bench.wait(1);
  const again = prompt.asked();
  assertEquals(again, owed);
  const layerOf = ({ root }: HashSpan) => files.find(({ file }) => file.root[0] === root[0])!.layer;
  // one of each comes first, the other late
  late.gives(owed[0]!, layerOf(owed[0]!));
  for (const span of again) prompt.gives(span, layerOf(span));
  for (const span of owed.slice(1)) late.gives(span, layerOf(span));
  assertEquals(bench.pieces!.hashes, concat(...files.map(({ layer }) => layer)));
  // what nobody asked for is counted from here on
  for (let i = 0; i < 100; i++) late.gives(owed[0]!, LAYER);
  assertEquals(bench.left, []);
  late.gives(owed[0]!, LAYER);
  assertEquals(bench.left, ["8.8.8.1 Sends hashes that nobody asked for"]);
});

Deno.test("layers: a peer that is silent or refuses is asked less and less often", () => {
  const bench = new LayerBench();
  const peer = bench.peer();
  bench.begin([FILE!], BLOCK);
  let asked = 0;
  for (let i = 0; i < 600; i++) {
    for (const span of peer.asked()) {
      asked++;
      if (asked % 2 === 0) peer.rejects(span);
    }
    bench.wait(1);
  }
  // after 15, 30, 60, 120, 240 s
  assert(asked >= 5 && asked <= 7, `${asked}`);
  assertEquals(bench.banned, []);
});

Deno.test("layers: hashes that lead elsewhere have their peer banned, and another is asked", () => {
  const bench = new LayerBench();
  const [liar, honest] = [bench.peer(), bench.peer()];
  bench.begin([FILE!], BLOCK);
  const [span] = liar.asked();
  const wrong = LAYER.slice();
  wrong[0]! ^= 1;
  liar.gives(span!, wrong);
  assertEquals(bench.banned, ["8.8.8.1 Sent hashes that do not lead to their root"]);
  bench.wait(1);
  honest.gives(honest.asked()[0]!, LAYER);
  assertEquals(bench.pieces!.hashes, LAYER);
});

Deno.test("layers: a root made of hashes beyond its file's end ends the search, not the peer's turn", () => {
  for (const pieceCount of [3, 1025]) {
    const height = fileHeight(pieceCount * BLOCK);
    const whole = concat(
      ...Array.from({ length: 2 ** height }, (_, i) => sha256Of(new Uint8Array([i & 255, i >> 8]))),
    );
    const root = merkleRoot(whole, 0, height);
    const bench = new LayerBench();
    const peer = bench.peer();
    bench.begin([{ root, length: pieceCount * BLOCK, firstPiece: 0, pieceCount }], BLOCK);
    for (const span of peer.asked()) {
      const { index, length, proofs } = span;
      const uncles: Bytes[] = [];
      for (let level = Math.log2(length), at = index / length; level <= proofs; level++, at >>= 1) {
        const from = (at ^ 1) * 2 ** level * 32;
        uncles.push(merkleRoot(whole.slice(from, from + 2 ** level * 32), 0, level));
      }
      peer.gives(span, concat(whole.slice(index * 32, (index + length) * 32), ...uncles));
    }
    assertEquals(bench.banned, []);
    assertEquals(bench.pieces, undefined);
    assertEquals(bench.failure?.field, "piece layers");
  }
});
