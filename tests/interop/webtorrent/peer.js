/**
 * webtorrent on Node: peer.js TORRENT FOLDER. Hashes what is in FOLDER, downloads the rest, seeds all of it; its tracker
 * is what it has. Prints a line for each peer and when it is complete.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import WebTorrent from "webtorrent";

const [path, folder] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
const client = new WebTorrent({
  dht: false,
  lsd: false,
  natPmp: false,
  natUpnp: false,
  utPex: false,
});
if (!client.utp) throw new Error("Expected webtorrent with uTP");
client.on("error", (error) => {
  say(`error ${error}`);
  process.exit(1);
});
const torrent = client.add(readFileSync(path), { path: folder });
for (const event of ["warning", "noPeers"]) torrent.on(event, (what) => say(`${event} ${what}`));
torrent.on("wire", (wire, address) => say(`peer ${wire.type} ${address}`));
torrent.on("done", () => say("complete"));
