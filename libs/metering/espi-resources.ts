import { DomainError } from '#core';
import { printable } from './finding.ts';
import { childOf, textAt, visitElements, type XmlElement } from './xml-elements.ts';

/** A resource of a feed with the links of its entry; its element as it was written. */
export interface EspiResource {
  readonly kind: ResourceKind;
  readonly element: XmlElement;
  readonly title: string | null;
  readonly self: string | null;
  readonly up: string | null;
  readonly related: readonly string[];
}

const KINDS = [
  'UsagePoint',
  'MeterReading',
  'ReadingType',
  'IntervalBlock',
  'UsageSummary',
  'ElectricPowerUsageSummary',
  'LocalTimeParameters',
] as const;
export type ResourceKind = (typeof KINDS)[number];

const isKind = (name: string): name is ResourceKind => (KINDS as readonly string[]).includes(name);
const OUTERMOST: ReadonlySet<string> = new Set(['entry', ...KINDS]);

/**
 * Every resource of a document: of an Atom feed, or as it stands in a batch without entries.
 * @throws XML_MALFORMED, XML_DOCTYPE, XML_TOO_LARGE, ESPI_EMPTY
 */
export function espiResources(document: string): EspiResource[] {
  const found: EspiResource[] = [];
  visitElements(document, OUTERMOST, (element) => {
    if (isKind(element.name)) found.push({ ...NO_LINKS, kind: element.name, element });
    else found.push(...ofEntry(element));
  });
  if (found.length === 0) {
    throw new DomainError(
      'ESPI_EMPTY',
      `expected a Green Button document with ${KINDS.join(', ')}, got none`,
    );
  }
  return found;
}

const NO_LINKS = { title: null, self: null, up: null, related: [] } as const;

function ofEntry(entry: XmlElement): EspiResource[] {
  const links = entry.children
    .filter(({ name }) => name === 'link')
    .flatMap(({ attributes }) => {
      const href = attributes.get('href');
      return href === undefined ? [] : [{ rel: attributes.get('rel'), href: href.replace(/\/+$/, '') }];
    });
  const to = (rel: string): string | null => links.find((link) => link.rel === rel)?.href ?? null;
  const title = textAt(entry, 'title');
  return (childOf(entry, 'content')?.children ?? []).flatMap((element) =>
    isKind(element.name)
      ? [
          {
            kind: element.name,
            element,
            title: title === undefined ? null : printable(title),
            self: to('self'),
            up: to('up'),
            related: links.filter(({ rel }) => rel === 'related').map(({ href }) => href),
          },
        ]
      : [],
  );
}

/**
 * What a resource belongs to: whom its links lead to, or the only one there is; null where none does. By ESPI a collection's
 * address is its owner's with the kind behind it, and an owner names its collections.
 */
export function ownerOf<T extends EspiResource>(resource: EspiResource, owners: readonly T[]): T | null {
  const owns = ({ self, related }: T): boolean =>
    (resource.up !== null && related.includes(resource.up)) ||
    [resource.up, resource.self].some((href) => self !== null && href?.startsWith(`${self}/`));
  return owners.find(owns) ?? (owners.length === 1 ? owners[0]! : null);
}

/** The resource that another names among its related ones, or the only one there is. */
export const relatedOf = <T extends EspiResource>(resource: EspiResource, others: readonly T[]): T | null =>
  others.find(({ self }) => self !== null && resource.related.includes(self)) ??
  (others.length === 1 ? others[0]! : null);

/** A whole number in an element; undefined where it is not there. @throws ESPI_NUMBER */
export function integerAt(element: XmlElement, ...path: readonly string[]): number | undefined {
  const text = textAt(element, ...path);
  if (text === undefined) return undefined;
  if (/^[+-]?\d{1,15}(?:\.0*)?$/.test(text)) return Number(text);
  throw notANumber(path, 'a whole number of at most 15 digits', text);
}

/** A decimal in an element, as text; undefined where it is not there. @throws ESPI_NUMBER */
export function decimalAt(element: XmlElement, ...path: readonly string[]): string | undefined {
  const text = textAt(element, ...path);
  if (text === undefined || /^[+-]?\d{1,15}(?:\.\d{1,12})?$/.test(text)) return text;
  throw notANumber(path, 'a decimal of at most 15 digits before and 12 after the point', text);
}

const notANumber = (path: readonly string[], expected: string, got: string): DomainError =>
  new DomainError(
    'ESPI_NUMBER',
    `expected ${path.join('/')} to be ${expected}, got ${printable(got.slice(0, 40))}`,
    'invalid',
    { element: path.join('/') },
  );
