/**
 * Small torrents of other programs: npm's `webtorrent-fixtures` 2.0.3 (MIT, contents in the public domain). Info hashes
 * are what libtorrent 2.0.8 makes of them.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { MetainfoError, sha1, toHex, utf8 } from "../../src/base/mod.ts";
import { parseMetainfo } from "../../src/metainfo/mod.ts";

interface Fixture {
  readonly name: string;
  readonly infoHash: string;
  readonly files: readonly string[];
  /** What all files hold together, null: more than is kept here. */
  readonly content: string | null;
  /** Base64. */
  readonly torrent: string;
}

const FIXTURES: readonly Fixture[] = [
  {
    name: "alice",
    infoHash: "722fe65b2aa26d14f35b4ad627d20236e481d924",
    files: ["alice.txt"],
    content: null,
    torrent:
      "ZDEzOmNyZWF0aW9uIGRhdGVpMTQ1MjQ2ODcyNTA5MWU4OmVuY29kaW5nNTpVVEYtODQ6aW5mb2Q2Omxlbmd0aGkx" +
      "NjM3ODNlNDpuYW1lOTphbGljZS50eHQxMjpwaWVjZSBsZW5ndGhpMTYzODRlNjpwaWVjZXMyMDA6JMBjUrjxjcvE" +
      "gxQiTWyiJg4Y8r/Sy7mL4T/lfmH9AiSpAhg8fV6uZUG/Hxe75GPbORtpgdyvL/lDQljbWkUIvhBb7dQwUcz4TdTi" +
      "yhZ2Xeq8RsyhZQD+DnMxoJIjnUkx0Z39QWxHg0fBlOwb4S3QaFh3GcIq+GqbjUtTa6Xt2wZE8oAHe7/YY8t7mGDq" +
      "0jxPPHwPR5w1KAKfn++4lnWHgauj2on8C7lHR6hUqoG1nu5FIgJn2Q4CWdq/kg2BWCjo112xgs0r+GRlZQ==",
  },
  {
    name: "folder",
    infoHash: "b88da2caac6648e6c7d7687e3f89085f7e230e6b",
    files: ["folder/file.txt"],
    content: "This is a file\n",
    torrent:
      "ZDEzOmNyZWF0aW9uIGRhdGVpMTQ0OTczMDA0OTQyOWU4OmVuY29kaW5nNTpVVEYtODQ6aW5mb2Q1OmZpbGVzbGQ2" +
      "Omxlbmd0aGkxNWU0OnBhdGhsODpmaWxlLnR4dGVlZTQ6bmFtZTY6Zm9sZGVyMTI6cGllY2UgbGVuZ3RoaTE2Mzg0" +
      "ZTY6cGllY2VzMjA6eZwR40jTnxcEAiuDVFAuL4HzwDdlZQ==",
  },
  {
    name: "leaves",
    infoHash: "d2474e86c95b19b8bcfdb92bc12c9d44667cfa36",
    files: ["Leaves of Grass by Walt Whitman.epub"],
    content: null,
    torrent:
      "ZDEwOmNyZWF0ZWQgYnkxMzp1VG9ycmVudC8zMzAwMTM6Y3JlYXRpb24gZGF0ZWkxMzc1MzYzNjY2ZTg6ZW5jb2Rp" +
      "bmc1OlVURi04NDppbmZvZDY6bGVuZ3RoaTM2MjAxN2U0Om5hbWUzNjpMZWF2ZXMgb2YgR3Jhc3MgYnkgV2FsdCBX" +
      "aGl0bWFuLmVwdWIxMjpwaWVjZSBsZW5ndGhpMTYzODRlNjpwaWVjZXM0NjA6H5w/Wb7sB5cV7FMyS96FaeSgtOvs" +
      "QjB9TOVVe105ZMXvVdNUz0puzHvxvK950R+l4L4GWTyPqvwMK6LPdtccWwFSayMAf56ZKb6vxRUeZREJMaG0TCG/" +
      "Hmi5E4+QSV5pDbxV9XLkwpRMus8m5rOuinIp2IqvoF9h6q5qvz8Hy225Z3zGre1N05heRYYnVn+nY58GX3GxiVQw" +
      "SspjZnKeC0dz13roDKqWpSSATf5Lm9PervmZyd1RAnRnUZ1eslYa4swBRn3l9kMKYLy6JHl2ku+odw0j3wqDDZHL" +
      "NbNAeoi6oFkNyMmqahIPJ0Nn3Nhn6I6DOMVyoG48gBsp9RnfUys+dvZwz2ruUxB/PTk3hIP2nPgPpWix6sU7UGFZ" +
      "6YjYvBaSLRJdd9gD1lLDyjBwwW7tkXKrUG0g5SLqPxq2dLP5I9dv6PRP8y43LDs3ZWTG+18NvlIWTwNin9EyJja6" +
      "uywBS32uWC2kE2OWUmHmzhK0NwHwqMntFSCnDroARACiZ3ZfbT3Vx761vTx1898qVFYKYYARR/pOx89WjnA6ywTl" +
      "YQpNVtzCQtAyk+lEbPXkV9jrPZWI/ZDGmN6bDa2SmAkGwCbYwUCPoI/k7GVl",
  },
  {
    name: "leaves, its metadata alone",
    infoHash: "d2474e86c95b19b8bcfdb92bc12c9d44667cfa36",
    files: ["Leaves of Grass by Walt Whitman.epub"],
    content: null,
    torrent:
      "ZDEzOmFubm91bmNlLWxpc3RsZTQ6aW5mb2Q2Omxlbmd0aGkzNjIwMTdlNDpuYW1lMzY6TGVhdmVzIG9mIEdyYXNz" +
      "IGJ5IFdhbHQgV2hpdG1hbi5lcHViMTI6cGllY2UgbGVuZ3RoaTE2Mzg0ZTY6cGllY2VzNDYwOh+cP1m+7AeXFexT" +
      "MkvehWnkoLTr7EIwfUzlVXtdOWTF71XTVM9Kbsx78byvedEfpeC+Blk8j6r8DCuiz3bXHFsBUmsjAH+emSm+r8UV" +
      "HmURCTGhtEwhvx5ouROPkEleaQ28VfVy5MKUTLrPJuazropyKdiKr6BfYequar8/B8ttuWd8xq3tTdOYXkWGJ1Z/" +
      "p2OfBl9xsYlUMErKY2ZyngtHc9d66AyqlqUkgE3+S5vT3q75mcndUQJ0Z1GdXrJWGuLMAUZ95fZDCmC8uiR5dpLv" +
      "qHcNI98Kgw2RyzWzQHqIuqBZDcjJqmoSDydDZ9zYZ+iOgzjFcqBuPIAbKfUZ31MrPnb2cM9q7lMQfz05N4SD9pz4" +
      "D6VoserFO1BhWemI2LwWki0SXXfYA9ZSw8owcMFu7ZFyq1BtIOUi6j8atnSz+SPXb+j0T/MuNyw7N2VkxvtfDb5S" +
      "Fk8DYp/RMiY2urssAUt9rlgtpBNjllJh5s4StDcB8KjJ7RUgpw66AEQAomd2X2091ce+tb08dfPfKlRWCmGAEUf6" +
      "TsfPVo5wOssE5WEKTVbcwkLQMpPpRGz15FfY6z2ViP2Qxpjemw2tkpgJBsAm2MFAj6CP5OxlODppbmZvSGFzaDQw" +
      "OmQyNDc0ZTg2Yzk1YjE5YjhiY2ZkYjkyYmMxMmM5ZDQ0NjY3Y2ZhMzZl",
  },
  {
    name: "lots of numbers",
    infoHash: "114ead6243792ba56297edbb9a78dfba84d4fc00",
    files: [
      "lots-of-numbers/big numbers/10.txt",
      "lots-of-numbers/big numbers/11.txt",
      "lots-of-numbers/big numbers/12.txt",
      "lots-of-numbers/small numbers/1.txt",
      "lots-of-numbers/small numbers/2.txt",
      "lots-of-numbers/small numbers/3.txt",
    ],
    content: "101112122333",
    torrent:
      "ZDEzOmNyZWF0aW9uIGRhdGVpMTQ1ODM0ODg5NTEzMGU4OmVuY29kaW5nNTpVVEYtODQ6aW5mb2Q1OmZpbGVzbGQ2" +
      "Omxlbmd0aGkyZTQ6cGF0aGwxMTpiaWcgbnVtYmVyczY6MTAudHh0ZWVkNjpsZW5ndGhpMmU0OnBhdGhsMTE6Ymln" +
      "IG51bWJlcnM2OjExLnR4dGVlZDY6bGVuZ3RoaTJlNDpwYXRobDExOmJpZyBudW1iZXJzNjoxMi50eHRlZWQ2Omxl" +
      "bmd0aGkxZTQ6cGF0aGwxMzpzbWFsbCBudW1iZXJzNToxLnR4dGVlZDY6bGVuZ3RoaTJlNDpwYXRobDEzOnNtYWxs" +
      "IG51bWJlcnM1OjIudHh0ZWVkNjpsZW5ndGhpM2U0OnBhdGhsMTM6c21hbGwgbnVtYmVyczU6My50eHRlZWU0Om5h" +
      "bWUxNTpsb3RzLW9mLW51bWJlcnMxMjpwaWVjZSBsZW5ndGhpMTYzODRlNjpwaWVjZXMyMDpHly8r767li284YM05" +
      "vVbLM6SI8GVl",
  },
  {
    name: "numbers",
    infoHash: "89d97c2261a21b040cf11caa661a3ba7233bb7e6",
    files: ["numbers/1.txt", "numbers/2.txt", "numbers/3.txt"],
    content: "122333",
    torrent:
      "ZDEzOmNyZWF0aW9uIGRhdGVpMTQ0OTczMDI4Nzg0MmU4OmVuY29kaW5nNTpVVEYtODQ6aW5mb2Q1OmZpbGVzbGQ2" +
      "Omxlbmd0aGkxZTQ6cGF0aGw1OjEudHh0ZWVkNjpsZW5ndGhpMmU0OnBhdGhsNToyLnR4dGVlZDY6bGVuZ3RoaTNl" +
      "NDpwYXRobDU6My50eHRlZWU0Om5hbWU3Om51bWJlcnMxMjpwaWVjZSBsZW5ndGhpMTYzODRlNjpwaWVjZXMyMDof" +
      "dGSOUKamcI7FSrMnoWPVU2t87WVl",
  },
];

/** Its `name` is missing. */
const CORRUPT =
  "ZDEwOmNyZWF0ZWQgYnkxMzp1VG9ycmVudC8zMzAwMTM6Y3JlYXRpb24gZGF0ZWkxMzc1MzYzNjY2ZTg6ZW5jb2Rp" +
  "bmc1OlVURi04NDppbmZvZDY6bGVuZ3RoaTM2MjAxN2UxMjpwaWVjZSBsZW5ndGhpMTYzODRlNjpwaWVjZXM0NjA6" +
  "H5w/Wb7sB5cV7FMyS96FaeSgtOvsQjB9TOVVe105ZMXvVdNUz0puzHvxvK950R+l4L4GWTyPqvwMK6LPdtccWwFS" +
  "ayMAf56ZKb6vxRUeZREJMaG0TCG/Hmi5E4+QSV5pDbxV9XLkwpRMus8m5rOuinIp2IqvoF9h6q5qvz8Hy225Z3zG" +
  "re1N05heRYYnVn+nY58GX3GxiVQwSspjZnKeC0dz13roDKqWpSSATf5Lm9PervmZyd1RAnRnUZ1eslYa4swBRn3l" +
  "9kMNYLy6JHl2ku+odw0j3w2DDZHLNbNAeoi6oFkNyMmqahIPJ0Nn3Nhn6I6DOMVyoG48gBsp9RnfUys+dvZwz2ru" +
  "UxB/PTk3hIP2nPgPpWix6sU7UGFZ6YjYvBaSLRJdd9gD1lLDyjBwwW7tkXKrUG0g5SLqPxq2dLP5I9dv6PRP8y43" +
  "LDs3ZWTG+18NvlIWTwNin9EyJja6uywBS32uWC2kE2OWUmHmzhK0NwHwqMntFSCnDroARACiZ3ZfbT3Vx761vTx1" +
  "898qVFYNYYARR/pOx89WjnA6ywTlYQ1NVtzCQtAyk+lEbPXkV9jrPZWI/ZDGmN6bDa2SmAkGwCbYwUCPoI/k7GVl";

for (const { name, infoHash, files, content, torrent } of FIXTURES) {
  Deno.test(`fixture: ${name}`, async () => {
    const metainfo = await parseMetainfo(Uint8Array.fromBase64(torrent));
    assertEquals(toHex(metainfo.infoHash), infoHash);
    assertEquals(metainfo.files.map(({ path }) => path.join("/")), files);
    if (content === null) return;
    assertEquals(metainfo.totalLength, content.length);
    assertEquals(metainfo.pieceHashes, await sha1(utf8(content)));
  });
}

Deno.test("fixture: a torrent without a name is refused", async () => {
  const error = await assertRejects(
    () => parseMetainfo(Uint8Array.fromBase64(CORRUPT)),
    MetainfoError,
  );
  assertEquals(error.field, "info.name");
});
