import { assertEquals } from "@std/assert";
import { infoHash, infoHashV2, sha1, sha256, truncated, utf8 } from "../../src/base/mod.ts";
import { metadataDigest } from "../../src/session/metadata_digest.ts";

const METADATA = utf8("d4:name1:xe");
const V1 = infoHash(await sha1(METADATA));
const V2 = infoHashV2(await sha256(METADATA));
const SHORT = truncated(V2);
const OTHER = infoHash(new Uint8Array(20).fill(7));

Deno.test("metadata digest: by the hash that a link has, of either version or the beginning of that of v2", async () => {
  const found = (infoHashV1: typeof V1 | null, infoHashV2: typeof V2 | null) =>
    metadataDigest({ infoHashV1, infoHashV2 }, METADATA);
  assertEquals(await found(V1, null), { digest: V1, infoHashV2: null });
  assertEquals(await found(null, V2), { digest: V2, infoHashV2: V2 });
  assertEquals(await found(SHORT, null), { digest: SHORT, infoHashV2: V2 });
  // what is neither is shown as what was asked for
  assertEquals(await found(OTHER, null), { digest: V1, infoHashV2: null });
  // beside a whole hash of v2 there is that of v1, which must be right by itself
  assertEquals(await found(SHORT, V2), { digest: V1, infoHashV2: null });
  assertEquals(await found(V1, V2), { digest: V1, infoHashV2: null });
});
