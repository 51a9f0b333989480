import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, GraphQLInputObjectType } from 'graphql';
import { z } from 'zod';
import { publicationInput } from './publication-input.ts';

const api = buildSchema(readFileSync('schema.graphql', 'utf8'));
const fieldsOf = (name: string): string[] => {
  const type = api.getType(name);
  if (!(type instanceof GraphQLInputObjectType)) throw new TypeError(`expected an input ${name}`);
  return Object.keys(type.getFields()).toSorted();
};

interface Described {
  readonly properties: Record<string, Described>;
  readonly items?: Described;
}
const described = z.toJSONSchema(publicationInput, { io: 'input' }) as unknown as Described;
const keysOf = (of: Described | undefined): string[] => Object.keys(of?.properties ?? {});

describe('what catalogue publish takes', () => {
  it.each<[string, string[]]>([
    ['CreateDataSetInput', keysOf(described.properties['dataSet'])],
    ['AddDataSetVersionInput', [...keysOf(described.properties['versions']?.items), 'dataSetId']],
    ['OfferDataSetInput', [...keysOf(described.properties['offers']?.items), 'dataSetId']],
    ['DataColumnInput', keysOf(described.properties['versions']?.items?.properties['columns']?.items)],
    ['DataFindingInput', keysOf(described.properties['versions']?.items?.properties['findings']?.items)],
  ])('has the fields of %s of the API', (name, keys) => {
    expect(keys.toSorted()).toEqual(fieldsOf(name));
  });
});
