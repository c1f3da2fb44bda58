import { assertEquals } from "@std/assert";
import { type Bytes, fromHex, type Random, SeededRandom, toHex } from "../../../src/base/mod.ts";
import { KEY_SIZE, KeyExchange } from "../../../src/wire/mse/mod.ts";

/** Powers of two modulo MSE's prime, worked out by another program; exponents 01 02 … 14 and 65 66 … 78. */
const PUBLIC =
  "96e112dab29e8c5272accb9b17b26887ce54a144a4e3b697c7d159b7a817e556b0918db2b4c658e02a87f7e5fb14b18a" +
  "553e084cbf3dad2d30f16596ccb982d406258c61b30c5c1dae2ddc60bdbd48d79896312aad63238c39e1a633821eb693";
const SECRET =
  "d05ed96a95215a89b44073afe5d0b1626289ac01cff7849392948b2470b346547e944d7562a897ae86976bc389999083" +
  "ec09572dbdc8ed7f6a0a86a1aa42a3ca04209b72d8239890360435640643b76479ed7836f1857963fcc7cb72084c3ab4";

/** Draws `first`, `first` + 1 and so on. */
function counting(first: number): Random {
  let next = first;
  return { below: () => next++ };
}

Deno.test("keys and the secret are those of the prime of MSE", () => {
  const ours = new KeyExchange(counting(1));
  const theirs = new KeyExchange(counting(101));
  assertEquals(toHex(ours.publicKey), PUBLIC);
  assertEquals(toHex(ours.secret(theirs.publicKey)!), SECRET);
  assertEquals(toHex(theirs.secret(ours.publicKey)!), SECRET);
});

Deno.test("both sides come to the same secret, whatever their keys", () => {
  const random = new SeededRandom(9);
  for (let i = 0; i < 50; i++) {
    const [a, b] = [new KeyExchange(random), new KeyExchange(random)];
    assertEquals(a.publicKey.length, KEY_SIZE);
    assertEquals(a.secret(b.publicKey), b.secret(a.publicKey));
  }
});

Deno.test("a public key of which the powers are known keeps no secret", () => {
  const keys = new KeyExchange(new SeededRandom(1));
  const prime = BigInt(
    "0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404" +
      "ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000000000090563",
  );
  const bytes = (value: bigint): Bytes => fromHex(value.toString(16).padStart(192, "0"))!;
  for (const value of [0n, 1n, prime - 1n, prime, prime + 1n, (1n << 768n) - 1n]) {
    assertEquals(keys.secret(bytes(value)), null, value.toString(16));
  }
  for (const value of [2n, prime - 2n]) assertEquals(keys.secret(bytes(value))?.length, KEY_SIZE);
});
