/**
 * v2 and hybrid torrents out of libtorrent's tests (BSD licence), and what libtorrent 2.0.8 makes of them. Torrents are
 * base64.
 */

/** A torrent that is good. */
export interface GoodVector {
  readonly name: string;
  readonly version: "v2" | "hybrid";
  /** Of v1, null: v2 only; and of v2. */
  readonly hashes: readonly [v1: string | null, v2: string];
  readonly torrent: string;
}

/** A torrent that is not. */
export interface BadVector {
  readonly name: string;
  /** The field at fault; null: it is no bencode. */
  readonly field: string | null;
  readonly torrent: string;
}

export const GOOD: readonly GoodVector[] = [
  {
    name: "v2",
    version: "hybrid",
    hashes: [
      "c14199bbec64d0e9e439aa3b6b7639e666b86eca",
      "597b180c1a170a585dfc5e85d834d69013ceda174b8f357d5bb1a0ca509faf0a",
    ],
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0Nj" +
      "RLZDA6ZDY6bGVuZ3RoaTY1NTM2ZTExOnBpZWNlcyByb290MzI6YKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet6" +
      "8kJlZWU2Omxlbmd0aGk2NTUzNmUxMjptZXRhIHZlcnNpb25pMmU0Om5hbWU3OnRlc3Q2NEsxMjpwaWVjZSBsZW5ndG" +
      "hpNjU1MzZlNjpwaWVjZXMyMDoa3JW+vp7qjBEtQM0Eq3qNdcT5YWUxMjpwaWVjZSBsYXllcnNkZWU=",
  },
  {
    name: "v2_only",
    version: "v2",
    hashes: [null, "95e04d0c4bad94ab206efa884666fd89777dbe4f7bd9945af1829037a85c6192"],
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGk2NTUzNmVlMTI6cG" +
      "llY2UgbGF5ZXJzZDMyOlFeqRgXRLgXdE3tnS6OncaoRQwLDFLiS1B38wL/vZAINTEyOmCq6ce0KPh+BxPoginhjwrf" +
      "Es17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNey" +
      "Kg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2K" +
      "krskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JI" +
      "XrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ry" +
      "QmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqu" +
      "nHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo" +
      "+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+Bx" +
      "PoginhjwrfEs17IqDdipK7JIXrevJCZWU=",
  },
  {
    name: "v2_multipiece_file",
    version: "hybrid",
    hashes: [
      "6c68c1bcc24c65b6fef4724d8234b67e0e9ac6a4",
      "108ac2c3718ce722e6896edc56c4afa98f1d711ecaace7aad74fca418ebd03de",
    ],
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTY6bGVuZ3RoaTEwNDg1NzZlMTI6bWV0YSB2ZXJzaW9uaTJlNDpuYW1lNzp0ZXN0MU1CMTI6cGllY2UgbG" +
      "VuZ3RoaTY1NTM2ZTY6cGllY2VzMzIwOhrclb6+nuqMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+" +
      "vp7qjBEtQM0Eq3qNdcT5YRrclb6+nuqMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+vp7qjBEtQM" +
      "0Eq3qNdcT5YRrclb6+nuqMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+vp7qjBEtQM0Eq3qNdcT5" +
      "YRrclb6+nuqMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+vp7qjBEtQM0Eq3qNdcT5YRrclb6+nu" +
      "qMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+vp7qjBEtQM0Eq3qNdcT5YRrclb6+nuqMES1AzQSr" +
      "eo11xPlhZTEyOnBpZWNlIGxheWVyc2QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC/72QCDUxMjpgqunHtC" +
      "j4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4H" +
      "E+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPogi" +
      "nhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K" +
      "3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzX" +
      "sioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDd" +
      "ipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuy" +
      "SF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet6" +
      "8kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmVl",
  },
  {
    name: "v2_invalid_filename",
    version: "v2",
    hashes: [null, "6d4ea61c26943995185aa8b2e9d6fc8126afa6dbef1305968e66fa9de32898c9"],
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzqCZXN0L0" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6gmVzdC9NQjEyOnBpZWNlIGxlbmd0aGk2NTUzNmVlMTI6cG" +
      "llY2UgbGF5ZXJzZDMyOlFeqRgXRLgXdE3tnS6OncaoRQwLDFLiS1B38wL/vZAINTEyOmCq6ce0KPh+BxPoginhjwrf" +
      "Es17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNey" +
      "Kg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2K" +
      "krskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JI" +
      "XrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ry" +
      "QmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqu" +
      "nHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo" +
      "+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+Bx" +
      "PoginhjwrfEs17IqDdipK7JIXrevJCZWU=",
  },
];

export const BAD: readonly BadVector[] = [
  {
    name: "v2_invalid_file",
    field: "info.file tree.test64K.length",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0Nj" +
      "RLZDY6bGVuZ3RoaTY1NTM2ZTExOnBpZWNlcyByb290MzI6YKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJl" +
      "ZTY6bGVuZ3RoaTY1NTM2ZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDY0SzEyOnBpZWNlIGxlbmd0aGk2NT" +
      "UzNmU2OnBpZWNlczIwOhrclb6+nuqMES1AzQSreo11xPlhZTEyOnBpZWNlIGxheWVyc2RlZQ==",
  },
  {
    name: "v2_invalid_pad_file",
    field: 'info.file tree.test1MB."".attr',
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDQ6YXR0cjE6cDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUM" +
      "CwxS4ktQd/MC/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGk2NT" +
      "UzNmVlMTI6cGllY2UgbGF5ZXJzZDMyOlFeqRgXRLgXdE3tnS6OncaoRQwLDFLiS1B38wL/vZAINTEyOmCq6ce0KPh+" +
      "BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6I" +
      "Ip4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGP" +
      "Ct8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs" +
      "17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg" +
      "3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkr" +
      "skhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXr" +
      "evJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQm" +
      "Cq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCZWU=",
  },
  {
    name: "v2_invalid_piece_layer",
    field: "piece layers",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGk2NTUzNmVlMTI6cG" +
      "llY2UgbGF5ZXJzZDMyOlFeqRgXRLgXdE3tnS6OncaoRQwLDFLiS1B38wL/vZAIaTUxMmVlZQ==",
  },
  {
    name: "v2_invalid_piece_layer_size",
    field: "piece layers",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGk2NTUzNmVlMTI6cG" +
      "llY2UgbGF5ZXJzZDMyOlFeqRgXRLgXdE3tnS6OncaoRQwLDFLiS1B38wL/vZAIMTAyNDpgqunHtCj4fgcT6IIp4Y8K" +
      "3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzX" +
      "sioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDd" +
      "ipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuy" +
      "SF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet6" +
      "8kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYK" +
      "rpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0" +
      "KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fg" +
      "cT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iC" +
      "KeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjw" +
      "rfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLN" +
      "eyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN" +
      "2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7" +
      "JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63" +
      "ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJg" +
      "qunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCZWU=",
  },
  {
    name: "v2_non_multiple_piece_layer",
    field: "piece layers",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGk2NTUzNmVlMTI6cG" +
      "llY2UgbGF5ZXJzZDMyOlFeqRgXRLgXdE3tnS6OncaoRQwLDFLiS1B38wL/vZAINTEzOmFgqunHtCj4fgcT6IIp4Y8K" +
      "3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzX" +
      "sioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDd" +
      "ipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuy" +
      "SF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet6" +
      "8kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYK" +
      "rpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0" +
      "KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fg" +
      "cT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmVl",
  },
  {
    name: "v2_piece_layer_invalid_file_hash",
    field: "piece layers",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGk2NTUzNmVlMTI6cG" +
      "llY2UgbGF5ZXJzZDMzOmFRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC/72QCDUxMjpgqunHtCj4fgcT6IIp4Y8K" +
      "3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzX" +
      "sioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDd" +
      "ipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuy" +
      "SF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet6" +
      "8kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYK" +
      "rpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0" +
      "KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fg" +
      "cT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmVl",
  },
  {
    name: "v2_no_piece_layers",
    field: "piece layers",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGk2NTUzNmVlZQ==",
  },
  {
    name: "v2_zero_root_small",
    field: 'info.file tree.test1MB."".pieces root',
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTMyNzY4ZTExOnBpZWNlcyByb290MzI6AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" +
      "AABlZWUxMjptZXRhIHZlcnNpb25pMmU0Om5hbWU3OnRlc3QxTUIxMjpwaWVjZSBsZW5ndGhpNjU1MzZlZTEyOnBpZW" +
      "NlIGxheWVyc2RlZQ==",
  },
  {
    name: "v2_no_power2_piece",
    field: "info.piece length",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGkzMjc2N2VlZQ==",
  },
  {
    name: "v2_piece_size",
    field: "info.piece length",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6dGVzdDFNQjEyOnBpZWNlIGxlbmd0aGkyMTQ3NDgzNjQ3ZW" +
      "Vl",
  },
  {
    name: "v2_large_file",
    field: "info.file tree",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzp0ZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTE3NTkyMTg2MDI4MDMyZTExOnBpZWNlcyByb290MzI6UV6pGBdEuBd0Te2dLo6dxqhFDAsM" +
      "UuJLUHfzAv+9kAhlZWUxMjptZXRhIHZlcnNpb25pMmU0Om5hbWU3OnRlc3QxTUIxMjpwaWVjZSBsZW5ndGhpNDE5ND" +
      "MwNGVlMTI6cGllY2UgbGF5ZXJzZDMyOlFeqRgXRLgXdE3tnS6OncaoRQwLDFLiS1B38wL/vZAINTEyOmCq6ce0KPh+" +
      "BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6I" +
      "Ip4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGP" +
      "Ct8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs" +
      "17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg" +
      "3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkr" +
      "skhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXr" +
      "evJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQm" +
      "Cq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCZWU=",
  },
  {
    name: "v2_mismatching_metadata",
    field: "info.files",
    torrent:
      "ZDg6YW5ub3VuY2UyNzpodHRwOi8vZXhhbXBsZS5jb20vYW5ub3VuY2U0OmluZm9kOTpmaWxlIHRyZWVkNzovZXN0MU" +
      "1CZDA6ZDY6bGVuZ3RoaTEwNDg1NzZlMTE6cGllY2VzIHJvb3QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC" +
      "/72QCGVlZTY6bGVuZ3RoaTEwNDg1NzZlMTI6bWV0YSB2ZXJzaW9uaTJlNDpuYW1lNzp0ZXN0MU1CMTI6cGllY2UgbG" +
      "VuZ3RoaTY1NTM2ZTY6cGllY2VzMzIwOhrclb6+nuqMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+" +
      "vp7qjBEtQM0Eq3qNdcT5YRrclb6+nuqMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+vp7qjBEtQM" +
      "0Eq3qNdcT5YRrclb6+nuqMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+vp7qjBEtQM0Eq3qNdcT5" +
      "YRrclb6+nuqMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+vp7qjBEtQM0Eq3qNdcT5YRrclb6+nu" +
      "qMES1AzQSreo11xPlhGtyVvr6e6owRLUDNBKt6jXXE+WEa3JW+vp7qjBEtQM0Eq3qNdcT5YRrclb6+nuqMES1AzQSr" +
      "eo11xPlhZTEyOnBpZWNlIGxheWVyc2QzMjpRXqkYF0S4F3RN7Z0ujp3GqEUMCwxS4ktQd/MC/72QCDUxMjpgqunHtC" +
      "j4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4H" +
      "E+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPogi" +
      "nhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K" +
      "3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzX" +
      "sioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDd" +
      "ipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet68kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuy" +
      "SF63ryQmCq6ce0KPh+BxPoginhjwrfEs17IqDdipK7JIXrevJCYKrpx7Qo+H4HE+iCKeGPCt8SzXsioN2Kkrskhet6" +
      "8kJgqunHtCj4fgcT6IIp4Y8K3xLNeyKg3YqSuySF63ryQmVl",
  },
  {
    name: "v2_unordered_files",
    field: null,
    torrent:
      "ZDEwOmNyZWF0ZWQgYnkxMDpsaWJ0b3JyZW50MTM6Y3JlYXRpb24gZGF0ZWkxNTU2NDcyODE2ZTQ6aW5mb2Q5OmZpbG" +
      "UgdHJlZWQ5OnRlc3QyLnR4dGQwOmQ2Omxlbmd0aGk3ZTExOnBpZWNlcyByb290MzI6E2atJAoSDx7D9ISuVR7qyZ0d" +
      "YvNuDZyx5oAQyjjXSKFlZTk6dGVzdDEudHh0ZDA6ZDY6bGVuZ3RoaTdlMTE6cGllY2VzIHJvb3QzMjquwHBkX+U+47" +
      "N2MFk3YTTwWMwzckfJeK3ReLbM37ABn2VlOTp0ZXN0My50eHRkMDpkNjpsZW5ndGhpN2UxMTpwaWVjZXMgcm9vdDMy" +
      "Ov4TL59SwlvtYoy4btKFnOc9ezZvTrXu5sWwmYFWU2jWZWVlMTI6bWV0YSB2ZXJzaW9uaTJlNDpuYW1lNDp0ZXN0MT" +
      "I6cGllY2UgbGVuZ3RoaTE2Mzg0ZWUxMjpwaWVjZSBsYXllcnNkZWU=",
  },
  {
    name: "v2_overlong_integer",
    field: null,
    torrent:
      "ZDEwOmNyZWF0ZWQgYnkxMDpsaWJ0b3JyZW50MTM6Y3JlYXRpb24gZGF0ZWkxNTU2NDczMDUyZTQ6aW5mb2Q5OmZpbG" +
      "UgdHJlZWQ5OnRlc3QxLnR4dGQwOmQ2Omxlbmd0aGkwN2UxMTpwaWVjZXMgcm9vdDMyOq7AcGRf5T7js3YwWTdhNPBY" +
      "zDNyR8l4rdF4tszfsAGfZWU5OnRlc3QyLnR4dGQwOmQ2Omxlbmd0aGk3ZTExOnBpZWNlcyByb290MzI6E2atJAoSDx" +
      "7D9ISuVR7qyZ0dYvNuDZyx5oAQyjjXSKFlZTk6dGVzdDMudHh0ZDA6ZDY6bGVuZ3RoaTdlMTE6cGllY2VzIHJvb3Qz" +
      "Mjr+Ey+fUsJb7WKMuG7ShZznPXs2b0617ubFsJmBVlNo1mVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTQ6dGVzdD" +
      "EyOnBpZWNlIGxlbmd0aGkxNjM4NGVlMTI6cGllY2UgbGF5ZXJzZGVl",
  },
];
