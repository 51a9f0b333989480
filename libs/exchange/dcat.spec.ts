import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '#core';
import { dcatProblems } from '../../test/harness/dcat-ap.ts';
import { type DcatDataSet, dcatCatalogue, dcatDataSet, parsePolicy } from './index.ts';

const ORIGIN = 'https://data.example';
const DATA_SET: DcatDataSet = {
  id: 'a2c3b0b1-0d4c-4c5e-9a57-5f1d5a1f4c10',
  title: 'Heat of the north',
  description: 'Hourly meters',
  keywords: ['meters', 'heat', 'meters'],
  licence: 'CC-BY-4.0',
  resolution: 'PT1H',
  eic: '10YBE----------2',
  area: 'Lübeck',
  publisher: { id: 'b2c3b0b1-0d4c-4c5e-9a57-5f1d5a1f4c10', name: 'Stadtwerke Nord' },
  issuedMs: Date.UTC(2026, 0, 5),
  version: {
    number: 2,
    startMs: Date.UTC(2025, 0, 1),
    endMs: Date.UTC(2026, 0, 1),
    bytes: 3_000_000,
    createdMs: Date.UTC(2026, 0, 4),
    findings: [{ code: 'GAP', message: '4 intervals have no row' }],
  },
  offers: ['d', 'c'].map((letter) => ({
    id: `${letter}2c3b0b1-0d4c-4c5e-9a57-5f1d5a1f4c10`,
    policy: parsePolicy({ permission: [{ action: ['use', 'train'] }] }),
    price: { kind: 'flat', currency: 'EUR', amountMinor: 550 },
  })),
};
const LEAST: DcatDataSet = {
  ...DATA_SET,
  description: '',
  keywords: [],
  resolution: null,
  eic: null,
  area: null,
  issuedMs: null,
  version: null,
  offers: [],
};

describe('DCAT-AP 3', () => {
  it('tells who has what, from when to when, where, how good, on which terms and how to come by it', () => {
    const document = dcatDataSet(DATA_SET, ORIGIN);
    expect(dcatProblems(document)).toEqual([]);
    expect(document).toMatchObject({
      '@id': `urn:uuid:${DATA_SET.id}`,
      '@type': 'dcat:Dataset',
      'dct:publisher': { 'foaf:name': 'Stadtwerke Nord' },
      'dcat:keyword': ['heat', 'meters'],
      'dcat:temporalResolution': { '@value': 'PT1H' },
      'dct:temporal': {
        'dcat:startDate': { '@value': '2025-01-01T00:00:00Z' },
        'dcat:endDate': { '@value': '2026-01-01T00:00:00Z' },
      },
      'dct:spatial': { 'dct:identifier': '10YBE----------2', 'skos:prefLabel': 'Lübeck' },
      'dqv:hasQualityAnnotation': [{ 'oa:hasBody': { 'rdf:value': 'GAP: 4 intervals have no row' } }],
      'dcat:distribution': [
        {
          'dcat:accessURL': { '@id': `${ORIGIN}/dsp/catalog/datasets/urn:uuid:${DATA_SET.id}` },
          'dct:license': { 'rdfs:label': 'CC-BY-4.0' },
          'dcat:byteSize': { '@value': '3000000' },
        },
      ],
      'odrl:hasPolicy': [
        { '@id': 'urn:uuid:c2c3b0b1-0d4c-4c5e-9a57-5f1d5a1f4c10', '@type': 'odrl:Offer' },
        { '@id': 'urn:uuid:d2c3b0b1-0d4c-4c5e-9a57-5f1d5a1f4c10' },
      ],
    });
  });

  it('says terms and a flat price in words that need no context of anybody', () => {
    const [offer] = dcatDataSet(DATA_SET, ORIGIN)['odrl:hasPolicy'] as readonly object[];
    expect(offer).toMatchObject({
      'odrl:permission': [
        { 'odrl:action': [{ '@id': 'urn:gridcommons:odrl:1#train' }, { '@id': 'odrl:use' }] },
      ],
      'odrl:obligation': [
        {
          'odrl:action': [
            {
              'rdf:value': { '@id': 'odrl:compensate' },
              'odrl:refinement': [
                {
                  'odrl:leftOperand': { '@id': 'odrl:payAmount' },
                  'odrl:rightOperand': { '@value': '5.50', '@type': 'xsd:decimal' },
                  'odrl:unit': 'EUR',
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('has what the profile demands of a data set of which little is known, and of an empty catalogue', () => {
    expect(dcatProblems(dcatDataSet(LEAST, ORIGIN))).toEqual([]);
    expect(dcatProblems(dcatCatalogue([], ORIGIN, null))).toEqual([]);
    // The check itself sees what is missing.
    const { 'dct:title': _title, ...untitled } = dcatDataSet(LEAST, ORIGIN);
    expect(dcatProblems(untitled)).toEqual(['document: no dct:title']);
  });

  it('is in canonical order, page by page', () => {
    const page = dcatCatalogue([DATA_SET, LEAST], ORIGIN, `${ORIGIN}/catalogue.jsonld?after=x`);
    expect(dcatProblems(page)).toEqual([]);
    expect(page['xhv:next']).toEqual({ '@id': `${ORIGIN}/catalogue.jsonld?after=x` });
    expect(dcatCatalogue([], ORIGIN, null)).not.toHaveProperty('xhv:next');
    expect(JSON.stringify(page)).toBe(canonicalJson(page));
    const shuffled = { ...DATA_SET, keywords: DATA_SET.keywords.toReversed(), offers: DATA_SET.offers.toReversed() }; // prettier-ignore
    expect(dcatDataSet(shuffled, ORIGIN)).toEqual(dcatDataSet(DATA_SET, ORIGIN));
  });
});
