import { utf8 } from "../../src/base/mod.ts";
import {
  type JsonObject,
  parseManagerAddress,
  readFiles,
  readPeers,
  readStatus,
  readTrackers,
  RemoteError,
  RpcClient,
} from "../../src/remote/mod.ts";
import { fuzz } from "./harness.ts";

const ADDRESS = parseManagerAddress("9091")!;
const TORRENT = {
  id: 3,
  hashString: "a619b9b25eaf8007910b76ddf5da39764ef7718e",
  name: "beta",
  status: 4,
  error: 0,
  errorString: "",
  eta: -1,
  uploadRatio: 0.25,
  leftUntilDone: 37_856,
  sizeWhenDone: 300_000,
  labels: ["linux"],
  isPrivate: false,
  downloadLimited: true,
  downloadLimit: 100,
  files: [{ name: "beta/a", length: 5, bytesCompleted: 1 }],
  wanted: [1],
  priorities: [0],
  peers: [{ address: "192.0.2.1", port: 1, clientName: "x", progress: 0.5, flagStr: "D" }],
  trackerStats: [{ id: 0, announce: "http://t.example/announce", tier: 0, seederCount: -1 }],
};

/** Everything that is read of a torrent, when its answer is `body`. */
async function read(body: string): Promise<unknown> {
  const transport = {
    send: () => Promise.resolve({ status: 200, sessionId: null, body }),
    close() {},
  };
  const answer = await new RpcClient(ADDRESS, transport, null).call("torrent-get");
  const torrent = (Array.isArray(answer["torrents"]) ? answer["torrents"][0] : null) ?? {};
  const one = torrent as JsonObject;
  const lists = [readFiles(one), readPeers(one), readTrackers(one)];
  return [readStatus(one, answer), ...lists];
}

fuzz<unknown>({
  name: "answers of a manager",
  corpus: [
    utf8(JSON.stringify({ result: "success", arguments: { torrents: [TORRENT] } })),
    utf8(
      JSON.stringify({
        arguments: { torrents: [{ ...TORRENT, wanted: [true] }] },
        result: "success",
      }),
    ),
  ],
  decode: (bytes) => read(new TextDecoder().decode(bytes)),
  refusals: [RemoteError],
});
