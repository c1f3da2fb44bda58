/**
 * The little of XML that gateways answer in: elements, text, and the five entities every parser knows. Attributes,
 * comments and processing instructions are passed over; what could be more (a DTD, other entities) is refused, so
 * nothing grows and nothing is fetched.
 */

/** An element; names are without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** Text directly in it, trimmed. */
  readonly text: string;
}

/** Characters that are read at all. */
export const MOST_XML = 64 * 1024;
const MOST_DEPTH = 24;
const MOST_ELEMENTS = 2000;

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};
/** One piece of a document: something passed over, character data, a tag, or text. */
const TOKEN =
  /<\?[^>]*\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]{0,80})((?:\s[^<>]*)?)(\/?)>|([^<]+)/y;

interface Open {
  readonly name: string;
  readonly children: Open[];
  text: string;
}

/** Reads a document; null when it is none, or more than a gateway has to say. */
export function parseXml(text: string): XmlElement | null {
  if (text.length > MOST_XML) return null;
  const top: Open = { name: "", children: [], text: "" };
  const path: Open[] = [top];
  let elements = 0;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    const [, cdata, closing, tag, attributes, selfClosing, data] = match;
    const here = path.at(-1)!;
    if (cdata !== undefined) here.text += cdata;
    else if (data !== undefined) {
      const plain = unescape(data);
      if (plain === null) return null;
      here.text += plain;
    } else if (tag !== undefined) {
      const name = tag.slice(tag.lastIndexOf(":") + 1);
      if (closing === "/") {
        if (path.length === 1 || here.name !== name || attributes!.trim() !== "") return null;
        path.pop();
        continue;
      }
      if (++elements > MOST_ELEMENTS || path.length > MOST_DEPTH) return null;
      const element: Open = { name, children: [], text: "" };
      here.children.push(element);
      // a slash at the end of unquoted attributes belongs to the tag
      if (selfClosing !== "/" && !attributes!.endsWith("/")) path.push(element);
    }
  }
  const [root] = top.children;
  const whole = path.length === 1 && top.children.length === 1 && top.text.trim() === "";
  return whole ? trimmed(root!) : null;
}

/** The first element of that name anywhere below, in the order of the document; null: none. */
export function findXml(element: XmlElement, name: string): XmlElement | null {
  for (const found of allXml(element, name)) return found;
  return null;
}

/** Every element of that name below. */
export function* allXml(element: XmlElement, name: string): Iterable<XmlElement> {
  for (const child of element.children) {
    if (child.name === name) yield child;
    yield* allXml(child, name);
  }
}

/** Text for the inside of an element. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function trimmed({ name, children, text }: Open): XmlElement {
  return { name, children: children.map(trimmed), text: text.trim() };
}

/** Null: an entity that is none of the five, nor a character's number. */
function unescape(text: string): string | null {
  let fine = true;
  const plain = text.replace(/&([^;&\s]{0,10});?/g, (whole, entity: string) => {
    const ended = whole.endsWith(";");
    if (ended && Object.hasOwn(ENTITIES, entity)) return ENTITIES[entity]!;
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(entity) ?? [];
    const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal ?? NaN);
    if (ended && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
    fine = false;
    return "";
  });
  return fine ? plain : null;
}
