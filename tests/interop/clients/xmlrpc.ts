/** As much of XML-RPC over SCGI as rtorrent is driven with: texts, numbers and bytes there, texts, numbers and lists back. */

/** What is handed over: a text, a whole number, or bytes. */
export type Argument = string | number | Uint8Array;
/** What comes back. */
export type Answer = string | number | readonly Answer[];

/** Calls `method` by the Unix socket at `path`, one connection a call. Throws with the fault that is answered. */
export async function callScgi(
  path: string,
  method: string,
  args: readonly Argument[],
): Promise<Answer> {
  using connection = await Deno.connect({ transport: "unix", path });
  const writer = connection.writable.getWriter();
  await writer.write(scgi(new TextEncoder().encode(request(method, args))));
  const text = await new Response(connection.readable).text();
  const xml = text.slice(text.indexOf("\r\n\r\n"));
  const answer = parse(xml);
  if (xml.includes("<fault>")) throw new Error(`${method}: ${xml.replace(/<[^>]*>|\s+/g, " ")}`);
  return answer;
}

/** Headers as a netstring, then the body. */
function scgi(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const headers = `CONTENT_LENGTH\0${body.length}\0SCGI\x001\0`;
  const head = new TextEncoder().encode(`${headers.length}:${headers},`);
  const all = new Uint8Array(head.length + body.length);
  all.set(head);
  all.set(body, head.length);
  return all;
}

function request(method: string, args: readonly Argument[]): string {
  const params = args.map((arg) => `<param><value>${value(arg)}</value></param>`).join("");
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName>` +
    `<params>${params}</params></methodCall>`;
}

function value(argument: Argument): string {
  if (typeof argument === "number") return `<i8>${argument}</i8>`;
  if (typeof argument !== "string") return `<base64>${argument.toBase64()}</base64>`;
  return `<string>${argument.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`)}</string>`;
}

/** The first value; those of an array in their order, those of a structure as names and values in turn. */
function parse(xml: string): Answer {
  const root: Answer[] = [];
  const open = [root];
  for (const [, list, kind, text = ""] of xml.matchAll(TOKENS)) {
    const into = open.at(-1) ?? root;
    if (list === "<data>" || list === "<struct>") {
      const inner: Answer[] = [];
      into.push(inner);
      open.push(inner);
    } else if (list !== undefined) open.pop();
    else into.push(kind === "string" || kind === "name" ? decode(text) : Number(text));
  }
  const answer = root[0];
  if (answer === undefined) throw new Error(`Expected a value, got ${xml}`);
  return answer;
}

const TOKENS = /(<\/?(?:data|struct)>)|<(name|string|i4|i8|int)>([^<]*)<\/\2>/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

function decode(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
