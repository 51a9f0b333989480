import { z } from 'zod';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { ask, mutate } from '../platform/graphql-client.ts';

export interface ContributorsOptions extends AdminOptions {
  readonly set?: readonly Contributor[];
  readonly none?: boolean;
}

export interface Contributor {
  readonly organisationId: string;
  readonly weight: number;
}

const SHAPE = z.object({ answer: z.array(z.object({ organisationId: z.string(), weight: z.number() })) });

/** Shows who gets which part of a data set's orders, or says it anew. @throws DATA_SET_NOT_FOUND, CONTRIBUTOR_*, CONTRIBUTORS_LIMIT */
export async function contributorsOf(
  dataSetId: string,
  options: ContributorsOptions,
  output: Output,
): Promise<void> {
  const { set, none = false } = options;
  const access = await accessOf(options);
  const contributors = none ? [] : set;
  const { answer } =
    contributors === undefined
      ? await ask(access, 'query Contributors($dataSetId: ID!) { answer: contributors(dataSetId: $dataSetId) { organisationId weight } }', { dataSetId }, SHAPE) // prettier-ignore
      : await mutate(access, 'mutation State($input: StateContributorsInput!) { answer: stateContributors(input: $input) { organisationId weight } }', { input: { dataSetId, contributors } }, SHAPE); // prettier-ignore
  const total = answer.reduce((sum, { weight }) => sum + weight, 0);
  const lines = answer.map(
    ({ organisationId, weight }) => `${organisationId}  ${weight}  ${((100 * weight) / total).toFixed(2)} %`,
  );
  output.result(
    { contributors: answer },
    lines.length === 0 ? 'nobody: its publisher keeps all' : lines.join('\n'),
  );
}
