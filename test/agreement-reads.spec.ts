import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { triedRead } from './harness/agreement-read.ts';
import { codeOf } from './harness/market-day.ts';
import { type StartedDesk, startNegotiationDesk } from './harness/negotiation-desk.ts';
import type { TestOrganisation } from './harness/platform.ts';

jest.setTimeout(60_000);

const ENTRIES = `query ($id: ID) { auditEntries(agreementId: $id) { edges { node {
  organisationId operation decision code } } } }`;

let desk: StartedDesk;

beforeAll(async () => {
  desk = await startNegotiationDesk(Date.parse('2026-11-27T12:00Z'));
}, 60_000);

afterAll(() => desk.stop());

const node = ({ organisationId }: TestOrganisation) => ({
  node: { organisationId, operation: 'download', decision: 'DENY', code: 'AGREEMENT_NOT_FOUND' },
});

describe('a refusal', () => {
  it('of a party stands in the agreement’s chain, be it the first entry; a stranger’s in its own', async () => {
    const { platform, provider, consumer, stranger } = desk;
    const id = (await desk.concluded()).agreementId!;
    for (const reader of [stranger, consumer, provider])
      expect(await triedRead(desk.platform, reader, id)).toBe('AGREEMENT_NOT_FOUND');
    for (const { apiKey } of [consumer, provider]) {
      expect(await platform.data(ENTRIES, { id }, apiKey)).toEqual({
        auditEntries: { edges: [node(consumer), node(provider)] },
      });
      expect(await platform.data(ENTRIES, {}, apiKey)).toEqual({ auditEntries: { edges: [] } });
    }
    expect(codeOf(await platform.graphql(ENTRIES, { id }, stranger.apiKey))).toBe('AUDIT_CHAIN_NOT_FOUND');
    expect(await platform.data(ENTRIES, {}, stranger.apiKey)).toEqual({
      auditEntries: { edges: [node(stranger)] },
    });
  });
});
