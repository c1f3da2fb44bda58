import { assert, assertEquals } from "@std/assert";
import { fromHex, toHex, utf8 } from "../../src/base/mod.ts";
import {
  decodeAnswer,
  decodeDescription,
  decodeFound,
  decodeNatPmp,
  decodePcp,
  encodeCall,
  encodeNatPmpMapping,
  encodePcp,
  encodeSearch,
  Epoch,
  MOST_XML,
  parseXml,
  SSDP_GROUP,
} from "../../src/gateway/mod.ts";
import { millis } from "../../src/base/mod.ts";

Deno.test("packets are those of the RFCs, byte for byte", () => {
  assertEquals(toHex(encodeNatPmpMapping("tcp", 6881, 6881, 3600)), "000200001ae11ae100000e10");
  const request = {
    transport: "udp",
    client: "192.168.1.5",
    nonce: fromHex("0102030405060708090a0b0c")!,
    internalPort: 6881,
    externalPort: 0,
    externalHost: null,
    lifetime: 3600,
  } as const;
  assertEquals(
    toHex(encodePcp(request)),
    "0201000000000e1000000000000000000000ffffc0a80105" +
      "0102030405060708090a0b0c110000001ae10000" + "00000000000000000000ffff00000000",
  );
});

Deno.test("an answer of PCP is read as RFC 6887 has it, and half of one not at all", () => {
  const bytes = fromHex(
    "0281000000000e100000007b000000000000000000000000" +
      "0102030405060708090a0b0c060000001ae11ae2" + "00000000000000000000ffffcb007107",
  )!;
  const answer = decodePcp(bytes);
  assertEquals(answer?.externalHost, "203.0.113.7");
  assertEquals([answer?.epoch, answer?.lifetime, answer?.externalPort], [123, 3600, 6882]);
  for (let length = 0; length < bytes.length; length++) {
    assertEquals(decodePcp(bytes.slice(0, length)), null);
  }
});

Deno.test("an answer of NAT-PMP that is cut anywhere is none", () => {
  const bytes = fromHex("008200000000007b1ae11ae200000e10")!;
  assertEquals(decodeNatPmp(bytes), {
    kind: "mapping",
    result: 0,
    epoch: 123,
    transport: "tcp",
    internalPort: 6881,
    externalPort: 6882,
    lifetime: 3600,
  });
  for (let length = 0; length < bytes.length; length++) {
    assertEquals(decodeNatPmp(bytes.slice(0, length)), null);
  }
});

Deno.test("an epoch that falls behind or runs ahead of time means that the gateway began anew", () => {
  const after = (first: number, then: number, seconds: number) => {
    const epoch = new Epoch();
    assert(epoch.check(first, millis(0)));
    return epoch.check(then, millis(seconds * 1000));
  };
  assert(after(100, 1_900, 1_800));
  assert(after(100, 1_800, 1_800)); // a clock a sixteenth slow
  assert(!after(100, 5, 1_800));
  assert(!after(100, 1_000, 1_800));
  assert(!after(100, 90_000, 1_800));
  assert(!after(100, 98, 0.5));
});

Deno.test("a search is SSDP's, an answer gives the URL of a gateway and of nothing else", () => {
  const target = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
  assertEquals(
    new TextDecoder().decode(encodeSearch(SSDP_GROUP, target)),
    'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\n' +
      `ST: ${target}\r\n\r\n`,
  );
  const answer = (st: string, first = "HTTP/1.1 200 OK") =>
    decodeFound(utf8(
      `${first}\r\nCACHE-CONTROL: max-age=120\r\nST:${st}\r\nEXT:\r\n` +
        "location: http://192.168.1.1:5000/rootDesc.xml\r\n\r\n",
    ));
  assertEquals(answer(target), "http://192.168.1.1:5000/rootDesc.xml");
  assertEquals(answer("urn:schemas-upnp-org:device:MediaServer:1"), null);
  assertEquals(answer(target, "HTTP/1.1 500 No"), null);
  assertEquals(answer(target, "NOTIFY * HTTP/1.1"), null);
  assertEquals(decodeFound(utf8("x".repeat(3000))), null);
});

Deno.test("a description's services are found however deep, IP before PPP", () => {
  const service = (type: string, control: string) =>
    `<service><serviceType>urn:schemas-upnp-org:service:${type}</serviceType>` +
    `<controlURL>${control}</controlURL></service>`;
  const text = '<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">' +
    "<!-- <service> --><URLBase>http://192.168.1.1:5000/</URLBase><device><deviceList><device>" +
    `<serviceList>${service("Layer3Forwarding:1", "/l3")}</serviceList><deviceList><device>` +
    `<serviceList>${service("WANPPPConnection:1", "/ppp")}${
      service("WANIPConnection:2", "/ctl?a=1&amp;b=2")
    }</serviceList></device></deviceList></device></deviceList></device></root>`;
  assertEquals(decodeDescription(text), {
    base: "http://192.168.1.1:5000/",
    services: [
      { type: "urn:schemas-upnp-org:service:WANIPConnection:2", control: "/ctl?a=1&b=2" },
      { type: "urn:schemas-upnp-org:service:WANPPPConnection:1", control: "/ppp" },
    ],
  });
  assertEquals(decodeDescription("<html><body>Login</body></html>"), null);
  assertEquals(decodeDescription("<root></root>"), null);
});

Deno.test("XML that could grow, recurse or read elsewhere is refused", () => {
  const refused = [
    "",
    "text",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<a>&unknown;</a>",
    "<a>&lt</a>",
    "<a>&constructor;</a>",
    "<a>&#0;</a>",
    "<a>&#x110000;</a>",
    '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
    '<!DOCTYPE a SYSTEM "http://192.168.1.1/x"><a/>',
    "<a>".repeat(50) + "</a>".repeat(50),
    `<a>${"<b/>".repeat(3000)}</a>`,
    `<a>${"x".repeat(MOST_XML)}</a>`,
    "<a><![CDATA[no end</a>",
    "<a b=<>></a>",
  ];
  for (const text of refused) assertEquals(parseXml(text), null, text.slice(0, 60));
});

Deno.test("XML in the ways it is written", () => {
  assertEquals(parseXml('\ufeff<?xml version="1.0"?>\r\n<s:a x="1/2" y=\'>\'/>')?.name, undefined);
  assertEquals(parseXml('<?xml version="1.0"?>\r\n<s:a x="1/2"\n y="2" />\n'), {
    name: "a",
    children: [],
    text: "",
  });
  assertEquals(
    parseXml("<a> 1 &amp; &#50;&#x33; <![CDATA[<4>]]><b>5</b></a >")?.text,
    "1 & 23 <4>",
  );
});

Deno.test("a call names its service, and its values cannot break out", () => {
  const { action, body } = encodeCall("urn:x:service:WANIPConnection:1", "AddPortMapping", [
    ["NewExternalPort", 6881],
    ["NewPortMappingDescription", '<"&'],
  ]);
  assertEquals(action, '"urn:x:service:WANIPConnection:1#AddPortMapping"');
  const call = parseXml(body)!.children[0]!.children[0]!;
  assertEquals(call.name, "AddPortMapping");
  assertEquals(call.children.map(({ text }) => text), ["6881", '<"&']);
});

Deno.test("an answer has values or a code, anything else is none", () => {
  const wrap = (inside: string) =>
    `<s:Envelope xmlns:s="x"><s:Body>${inside}</s:Body></s:Envelope>`;
  const ok = wrap(
    '<u:GetExternalIPAddressResponse xmlns:u="y"><NewExternalIPAddress>203.0.113.7' +
      "</NewExternalIPAddress></u:GetExternalIPAddressResponse>",
  );
  const answer = decodeAnswer(ok, "GetExternalIPAddress");
  assertEquals(answer?.ok && answer.values.get("NewExternalIPAddress"), "203.0.113.7");
  assertEquals(decodeAnswer(ok, "AddPortMapping"), null);
  const fault = wrap(
    "<s:Fault><faultcode>s:Client</faultcode><detail><UPnPError><errorCode>718</errorCode>" +
      "<errorDescription>ConflictInMappingEntry</errorDescription></UPnPError></detail></s:Fault>",
  );
  assertEquals(decodeAnswer(fault, "AddPortMapping"), {
    ok: false,
    code: 718,
    reason: "ConflictInMappingEntry",
  });
  assertEquals(decodeAnswer("<html/>", "AddPortMapping"), null);
});
