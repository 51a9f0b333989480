import { canonicalJson, isoInstant, type Json } from '#core';
import type { Policy } from './policy.ts';
import { toPrefixedOdrl } from './prefixed-odrl.ts';
import type { PriceModel } from './price-model.ts';
import { withPrice } from './priced-policy.ts';

type JsonObject = Readonly<Record<string, Json>>;

/** What is told of a data set to other catalogues. */
export interface DcatDataSet {
  /** UUID, as the platform knows it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly licence: string;
  /** ISO 8601 duration of a step; null where there are no steps. */
  readonly resolution: string | null;
  readonly eic: string | null;
  readonly area: string | null;
  /** The organisation. */
  readonly publisher: { readonly id: string; readonly name: string };
  /** Milliseconds; null of a draft. */
  readonly issuedMs: number | null;
  /** Its newest state; null where it has none yet. */
  readonly version: DcatVersion | null;
  readonly offers: readonly { readonly id: string; readonly policy: Policy; readonly price: PriceModel }[];
}

export interface DcatVersion {
  readonly number: number;
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly bytes: number;
  readonly createdMs: number;
  readonly findings: readonly { readonly code: string; readonly message: string }[];
}

/** Prefixes alone, so that nobody has to fetch anything to read the document. */
const CONTEXT: JsonObject = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  dqv: 'http://www.w3.org/ns/dqv#',
  foaf: 'http://xmlns.com/foaf/0.1/',
  oa: 'http://www.w3.org/ns/oa#',
  odrl: 'http://www.w3.org/ns/odrl/2/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xhv: 'http://www.w3.org/1999/xhtml/vocab#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};
/** Of the Publications Office of the EU: the theme energy, and data that may be had under conditions. */
const ENERGY = 'http://publications.europa.eu/resource/authority/data-theme/ENER';
const RESTRICTED = 'http://publications.europa.eu/resource/authority/access-right/RESTRICTED';
const PROTOCOL = 'https://w3id.org/dspace/2025/1';
const FORMAT = 'HttpData-PULL';

/**
 * A data set as JSON-LD of DCAT-AP 3: with its publisher, coverage, licence, distribution, terms as odrl:hasPolicy (a flat price
 * as obligation to compensate) and findings as quality annotations. Keys and lists are in canonical order.
 * @param origin scheme and host of the platform
 */
export const dcatDataSet = (dataSet: DcatDataSet, origin: string): JsonObject =>
  inOrder({ '@context': CONTEXT, ...dataSetNode(dataSet, origin) });

/**
 * A page of the catalogue of a platform, as JSON-LD of DCAT-AP 3.
 * @param next address of the page after it, null after the last
 */
export const dcatCatalogue = (
  dataSets: readonly DcatDataSet[],
  origin: string,
  next: string | null,
): JsonObject =>
  inOrder({
    '@context': CONTEXT,
    '@id': `${origin}/catalogue.jsonld`,
    '@type': 'dcat:Catalog',
    'dct:title': `Data sets on offer at ${origin}`,
    'dct:description': 'Data sets of energy firms that may be had under the terms of their publishers.',
    'dct:publisher': { '@id': origin, '@type': 'foaf:Agent', 'foaf:name': `Gridcommons at ${origin}` },
    'dcat:themeTaxonomy': { '@id': 'http://publications.europa.eu/resource/authority/data-theme' },
    'dcat:service': [serviceNode(origin)],
    'dcat:dataset': dataSets.map((dataSet) => dataSetNode(dataSet, origin)),
    ...optional('xhv:next', next === null ? null : { '@id': next }),
  });

const inOrder = (document: JsonObject): JsonObject => JSON.parse(canonicalJson(document)) as JsonObject;

const urn = (id: string): string => `urn:uuid:${id}`;
const optional = (key: string, value: Json | null): JsonObject => (value === null ? {} : { [key]: value });
const instant = (ms: number): Json => ({ '@type': 'xsd:dateTime', '@value': isoInstant(ms) });
const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted();

const serviceNode = (origin: string): JsonObject => ({
  '@id': `${origin}/dsp#service`,
  '@type': 'dcat:DataService',
  'dct:title': 'Dataspace Protocol 2025-1',
  'dct:conformsTo': { '@id': PROTOCOL, '@type': 'dct:Standard' },
  'dcat:endpointURL': { '@id': `${origin}/dsp` },
});

function dataSetNode(dataSet: DcatDataSet, origin: string): JsonObject {
  const { id, title, description, publisher, resolution, issuedMs, version } = dataSet;
  return {
    '@id': urn(id),
    '@type': 'dcat:Dataset',
    'dct:identifier': id,
    'dct:title': title,
    // The profile wants a description of every data set; a publisher may have given none.
    'dct:description': description === '' ? title : description,
    'dct:publisher': { '@id': urn(publisher.id), '@type': 'foaf:Agent', 'foaf:name': publisher.name },
    'dct:accessRights': { '@id': RESTRICTED },
    'dcat:theme': [{ '@id': ENERGY }],
    'dcat:keyword': sorted(dataSet.keywords),
    ...optional('dct:issued', issuedMs === null ? null : instant(issuedMs)),
    ...optional('dct:spatial', spatial(dataSet)),
    ...optional(
      'dcat:temporalResolution',
      resolution === null ? null : { '@type': 'xsd:duration', '@value': resolution },
    ),
    ...(version === null ? {} : stateOf(version)),
    'dcat:distribution': [distributionNode(dataSet, origin)],
    'odrl:hasPolicy': dataSet.offers
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id: offer, policy, price }) => ({
        ...toPrefixedOdrl(withPrice(policy, price)),
        '@id': urn(offer),
        '@type': 'odrl:Offer',
      })),
  };
}

const stateOf = ({ number, startMs, endMs, createdMs, findings }: DcatVersion): JsonObject => ({
  'dcat:version': String(number),
  'dct:modified': instant(createdMs),
  'dct:temporal': {
    '@type': 'dct:PeriodOfTime',
    'dcat:startDate': instant(startMs),
    'dcat:endDate': instant(endMs),
  },
  ...optional('dqv:hasQualityAnnotation', findings.length === 0 ? null : findings.map(annotation)),
});

const annotation = ({ code, message }: DcatVersion['findings'][number]): JsonObject => ({
  '@type': 'dqv:QualityAnnotation',
  'oa:motivatedBy': { '@id': 'dqv:qualityAssessment' },
  'oa:hasBody': { '@type': 'oa:TextualBody', 'rdf:value': `${code}: ${message}` },
});

function spatial({ eic, area }: DcatDataSet): JsonObject | null {
  if (eic === null && area === null) return null;
  const name = area === null ? {} : { 'skos:prefLabel': area };
  return { '@type': 'dct:Location', ...optional('dct:identifier', eic), ...name };
}

const distributionNode = ({ id, licence, version }: DcatDataSet, origin: string): JsonObject => {
  const address = `${origin}/dsp/catalog/datasets/${urn(id)}`;
  return {
    '@id': `${address}#distribution`,
    '@type': 'dcat:Distribution',
    'dcat:accessURL': { '@id': address },
    'dcat:accessService': serviceNode(origin),
    'dct:format': { '@type': 'dct:MediaTypeOrExtent', 'rdfs:label': FORMAT },
    'dct:license': { '@type': 'dct:LicenseDocument', 'rdfs:label': licence },
    ...optional(
      'dcat:byteSize',
      version === null ? null : { '@type': 'xsd:nonNegativeInteger', '@value': String(version.bytes) },
    ),
  };
};
