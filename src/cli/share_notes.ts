/** What `tm share` says: the link and how to use it, in place of what a transfer says when it is complete. */
import type { Metainfo } from "../metainfo/mod.ts";
import type { EngineEvent } from "../session/mod.ts";
import type { Context } from "./command.ts";
import { jsonLine } from "./json_line.ts";
import { printable } from "./printable.ts";
import type { QrCode } from "./qr_code.ts";
import { type Reach, shareLink, shortLinks } from "./share_link.ts";
import { formatCount, formatSize } from "./units.ts";
import { wrap } from "./wrap.ts";

/** Speaks for one share. */
export class ShareNotes {
  readonly #context: Context;
  readonly #metainfo: Metainfo;
  readonly #torrent: string;
  /** Where others find it, once the engine listens at `port`. */
  readonly #reached: (port: number) => Reach;
  /** Null: no code is drawn. */
  readonly #qrCode: QrCode | null;
  #reach: Reach | null = null;
  #uploaded = 0;

  /** `torrent`: the info hash in hexadecimal; `reached` is called once, before anybody can connect. */
  constructor(
    context: Context,
    metainfo: Metainfo,
    torrent: string,
    reached: (port: number) => Reach,
    qrCode: QrCode | null,
  ) {
    this.#qrCode = qrCode;
    this.#context = context;
    this.#metainfo = metainfo;
    this.#torrent = torrent;
    this.#reached = reached;
  }

  /** Says what is ours to say of an event; true when nobody else need say anything of it. */
  hear(event: EngineEvent): boolean {
    switch (event.type) {
      case "listening":
        if (event.port !== null) this.#reach = this.#reached(event.port);
        return false;
      case "added":
        return true;
      case "progress":
      case "finished":
        this.#uploaded = event.uploaded;
        return event.type === "finished";
      case "done":
        if (this.#reach !== null) this.#share(this.#reach);
        return true;
      default:
        return false;
    }
  }

  /** The last word. */
  close(): void {
    const { terminal, json, quiet } = this.#context;
    if (json || quiet || this.#uploaded === 0) return;
    terminal.print(`${printable(this.#metainfo.name)}: ${formatSize(this.#uploaded)} sent`);
  }

  #share(reach: Reach): void {
    const { terminal, json, quiet } = this.#context;
    const { name, totalLength: size, files: { length: files } } = this.#metainfo;
    const magnet = shareLink(this.#metainfo, reach);
    if (json) {
      const { hosts, port, trackerPort } = reach;
      const torrent = this.#torrent;
      const event = {
        type: "shared",
        torrent,
        magnet,
        name,
        size,
        files,
        hosts,
        port,
        trackerPort,
      };
      return terminal.print(jsonLine(event));
    }
    if (quiet) return terminal.print(magnet);
    const lines = [
      `Sharing ${printable(name)}: ${formatSize(size)}, ${formatCount(files, "file")}`,
      "",
      ...this.#code(reach),
      "On the other machine, with tm (other clients take what is between the quotes):",
      "",
      `tm get '${magnet}'`,
      "",
      ...wrap(this.#hint(reach), terminal.columns ?? 80),
    ];
    for (const line of lines) terminal.print(line);
  }

  /** The code with an empty line below it, or nothing. */
  #code(reach: Reach): string[] {
    const { terminal } = this.#context;
    if (this.#qrCode === null || terminal.columns === null) return [];
    const lines = this.#qrCode(shortLinks(this.#metainfo, reach), {
      columns: terminal.columns,
      rows: terminal.rows - 1,
      paper: terminal.hasColors ? (line) => terminal.paint(line, "paper") : null,
    });
    return lines.length === 0 ? [] : [...lines, ""];
  }

  #hint({ port, trackerPort, hosts }: Reach): string {
    if (hosts.every((host) => host.startsWith("127."))) {
      return "This works on this machine only, as its address is no other's; name one that others " +
        "reach with --address. Ctrl-C ends it.";
    }
    const ports = trackerPort === null
      ? `port ${port}`
      : `ports ${port} and ${trackerPort} (tracker)`;
    return `A firewall here must let in TCP ${ports}. Ctrl-C ends it.`;
  }
}
