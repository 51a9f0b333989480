import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Database } from '#persistence';
import { type PaymentDesk, startPaymentDesk } from './harness/payment-desk.ts';
import type { TestOrganisation } from './harness/platform.ts';

jest.setTimeout(60_000);

const STATE = `mutation ($input: StateContributorsInput!) { answer: stateContributors(input: $input) { organisationId weight } }`;
const LIST =
  'query ($dataSetId: ID!) { answer: contributors(dataSetId: $dataSetId) { organisationId weight } }';
const PAID = '{ answer: orderShares(first: 100) { edges { node { organisationId amountMinor currency } } } }';

const weights = (...of: readonly (readonly [TestOrganisation, number])[]) =>
  of.map(([{ organisationId }, weight]) => ({ organisationId, weight }));

describe('revenue of a data set', () => {
  let desk: PaymentDesk;
  let [first, second]: readonly TestOrganisation[] = [];

  beforeAll(async () => {
    desk = await startPaymentDesk(Date.parse('2026-11-27T12:00Z'));
    first = await desk.platform.createOrganisation('First contributor');
    second = await desk.platform.createOrganisation('Second contributor');
    await desk.deposit(desk.consumer, 100_000, 'bank 1');
  }, 60_000);
  afterAll(() => desk.stop());

  const ask = async <T>(sender: TestOrganisation, query: string, variables: object = {}): Promise<T> =>
    (await desk.platform.data<{ answer: T }>(query, variables, sender.apiKey)).answer;
  const code = async (sender: TestOrganisation, input: object) =>
    (await desk.platform.graphql(STATE, { input }, sender.apiKey)).errors?.[0]?.extensions.code;
  const dataSetOf = async (id: string) =>
    (await ask<{ dataSetId: string }>(desk.provider, 'query ($id: ID!) { answer: dataAgreement(id: $id) { dataSetId } }', { id })).dataSetId; // prettier-ignore
  const paidTo = async (sender: TestOrganisation) => {
    const { edges } = await ask<{ edges: { node: { organisationId: string; amountMinor: number } }[] }>(
      sender,
      PAID,
    );
    return edges.map(({ node }) => [node.organisationId, node.amountMinor] as const);
  };

  it('goes to its contributors by weight in the payment itself, to the unit', async () => {
    const { provider, consumer, balance } = desk;
    const agreementId = await desk.agreed({ kind: 'flat', amountMinor: 1_000, currency: 'EUR' });
    const dataSetId = await dataSetOf(agreementId);
    const contributors = weights([provider, 1], [first!, 1], [second!, 1]);
    expect(await ask(provider, STATE, { input: { dataSetId, contributors } })).toEqual(contributors);
    const before = await balance(consumer);
    const order = await desk.pay(agreementId);
    expect(await desk.pay(agreementId)).toEqual(order);
    // 1 000 = fee 25 + 3 · 325
    expect(before - (await balance(consumer))).toBe(1_000);
    for (const owner of [provider, first!, second!]) expect(await balance(owner)).toBe(325);
    expect(await desk.unbalanced()).toEqual([]);
    expect(new Map(await paidTo(provider))).toEqual(
      new Map([first!, second!].map(({ organisationId }) => [organisationId, 325] as const)),
    );
    expect(await paidTo(first!)).toEqual([[first!.organisationId, 325]]);
    // Neither the buyer nor a stranger learns who made the data.
    for (const other of [consumer, desk.stranger]) {
      expect(await paidTo(other)).toEqual([]);
      expect(await ask(other, LIST, { dataSetId })).toEqual([]);
    }
    expect(await ask(second!, LIST, { dataSetId })).toEqual(weights([second!, 1]));
  });

  it('divides by largest remainder, whatever the weights', async () => {
    const agreementId = await desk.agreed({ kind: 'flat', amountMinor: 101, currency: 'EUR' });
    const dataSetId = await dataSetOf(agreementId);
    const input = { dataSetId, contributors: weights([first!, 2], [second!, 1]) };
    await ask(desk.provider, STATE, { input });
    const held = [await desk.balance(first!), await desk.balance(second!), await desk.balance(desk.provider)];
    await desk.pay(agreementId);
    // 101 − 3 = 98 = 65⅓ + 32⅔
    expect(await desk.balance(first!)).toBe(held[0]! + 65);
    expect(await desk.balance(second!)).toBe(held[1]! + 33);
    expect(await desk.balance(desk.provider)).toBe(held[2]!);
    expect(await desk.unbalanced()).toEqual([]);
  });

  it('is its publisher’s again when nobody is named, and what was passed on stays', async () => {
    const agreementId = await desk.agreed({ kind: 'flat', amountMinor: 1_000, currency: 'EUR' });
    const dataSetId = await dataSetOf(agreementId);
    await ask(desk.provider, STATE, { input: { dataSetId, contributors: weights([first!, 1]) } });
    await ask(desk.provider, STATE, { input: { dataSetId, contributors: [] } });
    const held = await desk.balance(first!);
    await desk.pay(agreementId);
    expect(await desk.balance(first!)).toBe(held);
    expect(await paidTo(first!)).toHaveLength(2);
  });

  it('is given back by its publisher where it was passed on, from what comes in later if need be', async () => {
    const agreementId = await desk.agreed({ kind: 'flat', amountMinor: 40_000, currency: 'EUR' });
    const dataSetId = await dataSetOf(agreementId);
    await ask(desk.provider, STATE, { input: { dataSetId, contributors: weights([first!, 1]) } });
    await desk.pay(agreementId);
    const revoke = { id: agreementId, code: 'CONSENT_WITHDRAWN' };
    const [held, passedOn] = [await desk.balance(desk.provider), await desk.balance(first!)];
    expect(await desk.ask('revoke', revoke, desk.provider)).toMatchObject({ standing: 'REVOKED' });
    expect(await desk.balance(desk.provider)).toBe(0);
    expect(await code(desk.provider, { dataSetId, contributors: weights([first!, 1]) })).toBe(
      'WALLET_DEBT_OPEN',
    );
    await desk.deposit(desk.provider, 40_000, 'bank 2');
    expect(await desk.balance(desk.provider)).toBe(held + 1_000);
    expect(await desk.balance(first!)).toBe(passedOn);
    expect(await desk.unbalanced()).toEqual([]);
  });

  it('is divided by the owner of the data set alone, among organisations that exist', async () => {
    const dataSetId = await dataSetOf(await desk.agreed({ kind: 'free' }));
    const of = (contributors: object[]) => ({ dataSetId, contributors });
    expect(await code(desk.stranger, of([]))).toBe('DATA_SET_NOT_FOUND');
    expect(await code(desk.provider, { dataSetId: 'x', contributors: [] })).toBe('DATA_SET_NOT_FOUND');
    expect(await code(desk.provider, of(weights([first!, 0])))).toBe('CONTRIBUTOR_WEIGHT');
    expect(await code(desk.provider, of(weights([first!, 1], [first!, 2])))).toBe('CONTRIBUTOR_REPEATED');
    expect(await code(desk.provider, of([{ organisationId: 'x', weight: 1 }]))).toBe(
      'ORGANISATION_NOT_FOUND',
    );
    const forged = desk.platform.app
      .get(Database)
      .asTenant(desk.stranger.organisationId, (manager) =>
        manager.query(
          'INSERT INTO revenue_shares (data_set_id, organisation_id, tenant_id, weight, created_at) VALUES ($1, $2, $2, 1, now())',
          [dataSetId, desk.stranger.organisationId],
        ),
      );
    await expect(forged).rejects.toThrow(/row-level security/);
  });
});
