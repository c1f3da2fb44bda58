/** Numbers of packets count modulo 2¹⁶, times and their differences modulo 2³² (BEP 29). */
import type { Millis } from "../base/mod.ts";

/** How far `a` is after `b`, −32,768 … 32,767; negative: before it. */
export function distance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** The number `count` after `seq`. */
export function advance(seq: number, count: number): number {
  return (seq + count) & 0xffff;
}

/** A moment in microseconds modulo 2³², as packets carry it. */
export function microseconds(now: Millis): number {
  return Math.floor(now * 1000) >>> 0;
}

/** How far a time is after another, −2³¹ … 2³¹ − 1 microseconds. */
export function timeDistance(a: number, b: number): number {
  return (a - b) | 0;
}
