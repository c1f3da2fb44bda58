/** A router, on the loopback interface by default: PCP, NAT-PMP, UPnP's search and its services, honest or lying. */
import { millis } from "../../../src/base/mod.ts";
import type { MappingWire } from "../../../src/net/mod.ts";
import { UdpSocket } from "../../../src/net/mod.ts";
import { FakePmp } from "../../gateway/fake_pmp.ts";

const IP_SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1";

/** What the UPnP half says; every part can lie. */
export interface UpnpSpeech {
  /** `LOCATION` of the answer to a search. */
  location: (port: number) => string;
  description: (port: number) => string | Response;
  /** The answer to a call. */
  call: (name: string, values: ReadonlyMap<string, string>) => string | Response;
}

export class FakeRouter implements AsyncDisposable {
  readonly pmp: FakePmp | null;
  /** Ports that UPnP keeps open, as `TCP 6881` → `127.0.0.1:6881 3600`. */
  readonly open = new Map<string, string>();
  /** Every call of a service. */
  readonly calls: string[] = [];
  readonly speech: UpnpSpeech;
  readonly #pmpSocket: UdpSocket;
  readonly #ssdp: UdpSocket;
  readonly #hostname: string;
  readonly #http: Deno.HttpServer<Deno.NetAddr>;
  readonly #running: Promise<void>[];
  /** The answer to a call waits for it; what was asked is done before. */
  beforeAnswer: (name: string) => Promise<void> = () => Promise.resolve();

  constructor(
    options: {
      pmp?: FakePmp["speaks"];
      /** Nothing on NAT-PMP's port. */
      mute?: boolean;
      upnp?: boolean;
      speech?: Partial<UpnpSpeech>;
      /** Its address, by default 127.0.0.1. */
      hostname?: string;
      /** Ports as the standards have them, instead of any. */
      standard?: boolean;
    },
  ) {
    const { hostname = "127.0.0.1", standard = false } = options;
    this.#hostname = hostname;
    this.#pmpSocket = UdpSocket.bind(hostname, standard ? 5351 : 0);
    // it hears the group too, when who runs it joins
    this.#ssdp = UdpSocket.bind(standard ? "0.0.0.0" : hostname, standard ? 1900 : 0);
    if (options.pmp === undefined && options.mute !== true) {
      // it says at once that it does not, so that no test waits for the silence
      this.pmp = new FakePmp("nat-pmp");
      this.pmp.result = 2;
    } else this.pmp = options.pmp === undefined ? null : new FakePmp(options.pmp);
    this.speech = {
      location: (port) => `http://${hostname}:${port}/root.xml`,
      description: () => description("/control"),
      call: (name, values) => this.#serve(name, values),
      ...options.speech,
    };
    this.#http = Deno.serve(
      { hostname, port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
    this.#running = [
      this.#pmpSocket.run((packet, from) => {
        const now = millis(performance.now());
        for (const answer of this.pmp?.answer(packet, now) ?? []) {
          this.#pmpSocket.send(answer, from);
        }
      }),
      this.#ssdp.run((_, from) => {
        if (options.upnp !== true) return;
        const location = this.speech.location(this.port);
        const lines = [
          "HTTP/1.1 200 OK",
          "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1",
          `LOCATION: ${location}`,
          "",
          "",
        ];
        this.#ssdp.send(new TextEncoder().encode(lines.join("\r\n")), from);
      }),
    ];
  }

  /** Of its web server. */
  get port(): number {
    return this.#http.addr.port;
  }

  get wire(): MappingWire {
    const at = { host: this.#hostname, port: this.#ssdp.port };
    return { pmpPort: this.#pmpSocket.port, group: at, ssdpPort: at.port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pmpSocket.close();
    this.#ssdp.close();
    await Promise.all(this.#running);
    await this.#http.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const { speech, port } = this;
    if (request.method === "GET" && pathname === "/root.xml") {
      return responseOf(speech.description(port));
    }
    const name = request.headers.get("soapaction")?.match(/#(\w+)"$/)?.[1] ?? "";
    const body = await request.text();
    const values = new Map(
      [...body.matchAll(/<(New\w+)>([^<]*)<\/\1>/g)].map(([, key, value]) => [key!, value!]),
    );
    this.calls.push(`${request.method} ${pathname} ${name}`);
    const answer = responseOf(speech.call(name, values));
    await this.beforeAnswer(name);
    return answer;
  }

  #serve(name: string, values: ReadonlyMap<string, string>): string | Response {
    const key = `${values.get("NewProtocol")} ${values.get("NewExternalPort")}`;
    switch (name) {
      case "AddPortMapping": {
        const at = `${values.get("NewInternalClient")}:${values.get("NewInternalPort")}`;
        this.open.set(key, `${at} ${values.get("NewLeaseDuration")}`);
        return reply(name);
      }
      case "DeletePortMapping":
        this.open.delete(key);
        return reply(name);
      case "GetSpecificPortMappingEntry": {
        const [, client, port] = /^(.*):(\d+) /.exec(this.open.get(key) ?? "") ?? [];
        if (client === undefined) return fault(714);
        const values = `<NewInternalPort>${port}</NewInternalPort>` +
          `<NewInternalClient>${client}</NewInternalClient>`;
        return reply(name, values);
      }
      default:
        return reply(name, "<NewExternalIPAddress>203.0.113.7</NewExternalIPAddress>");
    }
  }
}

/** A description whose one service is asked at `control`. */
export function description(control: string, base = ""): string {
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">${base}<device>` +
    `<serviceList><service><serviceType>${IP_SERVICE}</serviceType><controlURL>${control}` +
    "</controlURL></service></serviceList></device></root>";
}

/** A service does what it was asked. */
export function reply(name: string, values = ""): string {
  return '<?xml version="1.0"?><s:Envelope xmlns:s="x"><s:Body>' +
    `<u:${name}Response xmlns:u="${IP_SERVICE}">${values}</u:${name}Response>` +
    "</s:Body></s:Envelope>";
}

/** It does not. */
export function fault(code: number, text = "No"): Response {
  const body = '<s:Envelope xmlns:s="x"><s:Body><s:Fault><detail><UPnPError>' +
    `<errorCode>${code}</errorCode><errorDescription>${text}</errorDescription>` +
    "</UPnPError></detail></s:Fault></s:Body></s:Envelope>";
  return new Response(body, { status: 500 });
}

function responseOf(answer: string | Response): Response {
  return typeof answer === "string"
    ? new Response(answer, { headers: { "content-type": "text/xml" } })
    : answer;
}
