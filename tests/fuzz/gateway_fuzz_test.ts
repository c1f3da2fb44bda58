import { assert, assertEquals } from "@std/assert";
import { type Bytes, fromHex, millis, SeededRandom, utf8 } from "../../src/base/mod.ts";
import {
  decodeAnswer,
  decodeDescription,
  decodeFound,
  decodeNatPmp,
  decodePcp,
  encodePcp,
  type IgdDescription,
  type LeaseStatus,
  type NatPmpAnswer,
  parseXml,
  type PcpAnswer,
  PortLeases,
  type SoapAnswer,
  type XmlElement,
} from "../../src/gateway/mod.ts";
import { description, reply } from "../net/port_mapping/fake_router.ts";
import { fuzz } from "./harness.ts";

const text = (bytes: Bytes) => new TextDecoder().decode(bytes);
const PCP = fromHex(
  "0281000000000e100000007b000000000000000000000000" +
    "0102030405060708090a0b0c060000001ae11ae2" + "00000000000000000000ffffcb007107",
)!;
const NAT_PMP = fromHex("008200000000007b1ae11ae200000e10")!;

fuzz<PcpAnswer>({
  name: "an answer of PCP that is accepted holds what its bytes say",
  corpus: [PCP],
  decode: decodePcp,
  check: (answer, bytes) => {
    const again = encodePcp({
      ...answer,
      client: "0.0.0.0",
      externalHost: answer.externalHost,
      lifetime: answer.lifetime,
    });
    assertEquals(again.slice(24, 37), bytes.slice(24, 37));
    assertEquals(again.slice(40, 44), bytes.slice(40, 44));
  },
});

fuzz<NatPmpAnswer>({
  name: "an answer of NAT-PMP that is accepted holds sound values",
  corpus: [NAT_PMP, fromHex("008000000000007bcb007107")!],
  decode: decodeNatPmp,
  check: (answer) => {
    if (answer.kind === "address") return;
    for (const port of [answer.internalPort, answer.externalPort]) assert(port < 65_536);
  },
});

fuzz<LeaseStatus>({
  name: "whatever a gateway sends, leases say something and send little",
  corpus: [PCP, NAT_PMP, fromHex("0081000100000000")!],
  decode: (bytes) => {
    let sent = 0;
    const leases = new PortLeases(
      { client: "10.0.0.2", ports: { tcp: 6881, udp: 6881 }, random: new SeededRandom(1) },
      () => sent++,
      millis(0),
    );
    leases.tick(millis(0));
    for (let at = 0; at < 2_000; at += 100) {
      leases.receive(bytes, millis(at));
      leases.tick(millis(at));
    }
    assert(sent <= 40, `${sent} packets in two seconds`);
    return leases.status;
  },
});

fuzz<string>({
  name: "an answer to a search that is accepted gives a short text",
  corpus: [utf8(
    "HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n" +
      "LOCATION: http://192.168.1.1:5000/root.xml\r\n\r\n",
  )],
  decode: decodeFound,
  size: (location) => location.length,
});

fuzz<XmlElement>({
  name: "XML that is accepted is no larger than its text",
  corpus: [utf8(description("/control")), utf8('<a b="c"><!-- x --><d/>&amp;<![CDATA[e]]></a>')],
  decode: (bytes) => parseXml(text(bytes)),
  size: function count(element): number {
    return element.name.length + element.children.reduce((sum, each) => sum + count(each), 0);
  },
});

fuzz<IgdDescription>({
  name: "a description that is accepted names services",
  corpus: [utf8(description("/control", "<URLBase>http://192.168.1.1/</URLBase>"))],
  decode: (bytes) => decodeDescription(text(bytes)),
  check: ({ services }) => assert(services.length > 0 && services.length <= 8),
});

fuzz<SoapAnswer>({
  name: "a gateway's answer that is accepted has values or a code",
  corpus: [utf8(reply("AddPortMapping", "<NewX>1</NewX>"))],
  decode: (bytes) => decodeAnswer(text(bytes), "AddPortMapping"),
  check: (answer) => assert(answer.ok || Number.isInteger(answer.code)),
});
