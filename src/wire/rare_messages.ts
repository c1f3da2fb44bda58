/** The messages a peer sends now and then, checked against the torrent. */
import {
  Bitfield,
  type Bytes,
  type PieceIndex,
  ProtocolError,
  readUint16,
  readUint32,
} from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import { type ExtensionEvent, readExtension } from "./extension_messages.ts";
import { type HashEvent, readHashMessage } from "./hash_messages.ts";
import { Message } from "./messages.ts";

/** What a peer says now and then, as opposed to blocks, requests and haves. */
export type PeerEvent =
  | { readonly type: "choke" }
  | { readonly type: "unchoke" }
  | { readonly type: "interested" }
  | { readonly type: "not-interested" }
  /** All the peer has. BEP 3 has it first and once; aria2 sends it again in place of many haves. */
  | { readonly type: "bitfield"; readonly have: Bitfield }
  | {
    readonly type: "cancel";
    readonly piece: PieceIndex;
    readonly begin: number;
    readonly length: number;
  }
  | {
    readonly type: "reject";
    readonly piece: PieceIndex;
    readonly begin: number;
    readonly length: number;
  }
  | { readonly type: "allowed-fast"; readonly piece: PieceIndex }
  /** UDP port of the peer's DHT node (BEP 5), 1 … 65535. */
  | { readonly type: "port"; readonly port: number }
  | HashEvent
  | ExtensionEvent;

/** What both sides speak. */
export interface Speaks {
  readonly fast: boolean;
  readonly extended: boolean;
  readonly dht: boolean;
  readonly v2: boolean;
}

/**
 * Reads a message that may cost an allocation: all but blocks, requests and haves. Null for one to pass over. Throws
 * `ProtocolError`.
 */
export function readRare(
  id: number,
  payload: Bytes,
  geometry: Geometry,
  speaks: Speaks,
): PeerEvent | null {
  const size = payload.length;
  switch (id) {
    case Message.Choke:
      expectSize(id, size, 0);
      return { type: "choke" };
    case Message.Unchoke:
      expectSize(id, size, 0);
      return { type: "unchoke" };
    case Message.Interested:
      expectSize(id, size, 0);
      return { type: "interested" };
    case Message.NotInterested:
      expectSize(id, size, 0);
      return { type: "not-interested" };
    case Message.Bitfield: {
      const have = Bitfield.fromWire(payload, geometry.pieceCount);
      if (have === null) {
        throw new ProtocolError(
          `Expected a bitfield of ${geometry.pieceCount} pieces, got ${size} bytes`,
        );
      }
      return { type: "bitfield", have };
    }
    case Message.HaveAll:
    case Message.HaveNone: {
      expectSize(id, size, 0);
      expectFast(speaks.fast, id);
      const have = new Bitfield(geometry.pieceCount);
      if (id === Message.HaveAll) have.fill();
      return { type: "bitfield", have };
    }
    case Message.Cancel:
    case Message.Reject: {
      expectSize(id, size, 12);
      if (id === Message.Reject) expectFast(speaks.fast, id);
      const piece = expectPiece(geometry, readUint32(payload, 0));
      const [begin, length] = [readUint32(payload, 4), readUint32(payload, 8)];
      return { type: id === Message.Cancel ? "cancel" : "reject", piece, begin, length };
    }
    case Message.AllowedFast:
      expectSize(id, size, 4);
      expectFast(speaks.fast, id);
      return { type: "allowed-fast", piece: expectPiece(geometry, readUint32(payload, 0)) };
    case Message.Suggest:
      // advice to read a piece from the peer's cache; the picker has its own order
      expectSize(id, size, 4);
      expectFast(speaks.fast, id);
      expectPiece(geometry, readUint32(payload, 0));
      return null;
    case Message.Port:
      return readPort(payload, speaks.dht);
    case Message.Extended:
      expectExtended(speaks.extended, size);
      return readExtension(payload[0]!, payload.subarray(1), geometry);
    case Message.HashRequest:
    case Message.Hashes:
    case Message.HashReject:
      // to who has only v1 of a torrent they mean nothing
      return speaks.v2 ? readHashMessage(id, payload) : null;
    default:
      // BEP 3 and 10: an unknown message is passed over
      return null;
  }
}

/** The port of the peer's DHT node; null where it says none, or says it to who has no DHT. */
export function readPort(payload: Bytes, dht: boolean): PeerEvent | null {
  // some clients say it without having promised it
  if (!dht) return null;
  expectSize(Message.Port, payload.length, 2);
  const port = readUint16(payload, 0);
  return port === 0 ? null : { type: "port", port };
}

/** A number from outside as a piece of the torrent; throws `ProtocolError` when it is none. */
export function expectPiece(geometry: Geometry, index: number): PieceIndex {
  const piece = geometry.piece(index);
  if (piece === null) {
    throw new ProtocolError(`Expected a piece below ${geometry.pieceCount}, got ${index}`);
  }
  return piece;
}

/** Throws `ProtocolError` unless both sides speak the extension protocol and the message has an id. */
export function expectExtended(extended: boolean, size: number): void {
  if (!extended) {
    throw new ProtocolError("Expected no extension message without the extension protocol");
  }
  if (size < 1) throw new ProtocolError("Expected an extension message with an id");
}

/** Throws `ProtocolError` unless message `id` has as many bytes as it must. */
export function expectSize(id: number, size: number, expected: number): void {
  if (size !== expected) {
    throw new ProtocolError(`Expected ${expected} bytes in message ${id}, got ${size}`);
  }
}

function expectFast(fast: boolean, id: number): void {
  if (!fast) throw new ProtocolError(`Expected no message ${id} without the fast extension`);
}
