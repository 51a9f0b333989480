import { SaxesParser } from 'saxes';
import { DomainError } from '#core';
import { printable } from './finding.ts';

/** An element by its local name: files choose their prefixes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** What stands directly in it, without the space around. */
  readonly text: string;
}

interface Building extends XmlElement {
  readonly children: Building[];
  text: string;
}

export const XML_LIMITS = { depth: 64, text: 65_536, elements: 20_000_000 } as const;
const CHUNK = 65_536;

const refuse = (code: string, parser: SaxesParser, expected: string): DomainError =>
  new DomainError(code, `line ${parser.line}: expected ${expected}`, 'invalid', { line: parser.line });

/**
 * Reads well-formed XML and gives each outermost element of one of the `names` to `visit`, whole, and then forgets it: a feed of
 * any length is held an entry at a time. A document type, and with it every entity but XML's own five, is refused.
 * @throws XML_MALFORMED, XML_DOCTYPE, XML_TOO_LARGE, each with data {line}
 */
export function visitElements(
  document: string,
  names: ReadonlySet<string>,
  visit: (element: XmlElement) => void,
): void {
  const parser = new SaxesParser({ xmlns: true });
  const open: Building[] = [];
  let depth = 0;
  let elements = 0;
  parser.on('error', (error) => {
    throw refuse('XML_MALFORMED', parser, `well-formed XML, got ${printable(error.message)}`);
  });
  parser.on('doctype', () => {
    throw refuse('XML_DOCTYPE', parser, 'XML without a document type, got one');
  });
  parser.on('opentag', ({ local, attributes }) => {
    depth += 1;
    elements += 1;
    if (depth > XML_LIMITS.depth || elements > XML_LIMITS.elements) {
      throw refuse('XML_TOO_LARGE', parser, `at most ${XML_LIMITS.depth} elements in each other, ${XML_LIMITS.elements} in all`); // prettier-ignore
    }
    if (open.length === 0 && !names.has(local)) return;
    const named = Object.values(attributes).map((each) => [each.local, each.value] as const);
    const element: Building = { name: local, attributes: new Map(named), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const append = (text: string): void => {
    const element = open.at(-1);
    if (element === undefined) return;
    if (element.text.length + text.length > XML_LIMITS.text) {
      throw refuse('XML_TOO_LARGE', parser, `at most ${XML_LIMITS.text} characters in an element`);
    }
    element.text += text;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    depth -= 1;
    const element = open.pop();
    if (element === undefined) return;
    element.text = element.text.trim();
    if (open.length === 0) visit(element);
  });
  for (let from = 0; from < document.length; from += CHUNK) parser.write(document.slice(from, from + CHUNK));
  parser.close();
}

/** The first child of a name. */
export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name);

/** Text at the end of a path of names; undefined where it is not there or empty. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | undefined {
  const found = path.reduce<XmlElement | undefined>(childOf, element);
  return found === undefined || found.text === '' ? undefined : found.text;
}
