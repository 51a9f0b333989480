import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DAY_MS, isoInstant } from '#core';
import { run } from './harness/command-line.ts';
import { correct, corrected, settledAgain } from './harness/market-corrections.ts';
import { codeOf, DAY, hour, MarketDay, meter, nodes, order, type Page } from './harness/market-day.ts';
import type { Sender, TestOrganisation } from './harness/platform.ts';

jest.setTimeout(60_000);

const CERTIFICATES = `query ($state: CertificateState, $first: Int, $after: String) {
  certificates(state: $state, kind: PRODUCTION, first: $first, after: $after) {
    edges { node { id participantId quantityWh state startsAt technology area bound } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const ISSUE = `mutation ($input: IssueCertificateInput!) {
  issueCertificate(input: $input) { id quantityWh state bound technology }
}`;
const TRANSFER = `mutation ($input: TransferCertificateInput!) {
  transferCertificate(input: $input) { certificateId quantityWh toParticipantId sessionId }
}`;
const CLAIM = 'mutation ($input: ClaimCertificateInput!) { claimCertificate(input: $input) { quantityWh } }';
const HISTORY = `{
  certificateTransfers { edges { node { participantId toParticipantId quantityWh sessionId } } }
  certificateClaims { edges { node { participantId quantityWh startsAt } } }
  certificateShortfalls { edges { node { participantId kind quantityWh startsAt } } }
}`;
const LINEAGE = 'query ($id: ID!) { certificateLineage(id: $id) }';

interface Certificate {
  readonly id: string;
  readonly quantityWh: number;
  readonly state: string;
}
type History = Record<'certificateTransfers' | 'certificateClaims' | 'certificateShortfalls', Page<object>>;

const verify = async (lineage: unknown) =>
  run(['carbon', 'certificates', 'verify', '-', '--json'], { stdin: JSON.stringify(lineage) });

describe('granular certificates of a local market day', () => {
  let market: MarketDay;
  let bakery: TestOrganisation;
  let school: TestOrganisation;
  let workshop: TestOrganisation;
  let session: string;
  let unsettled: string | undefined;

  const held = async (sender: Sender, variables: object = {}): Promise<Certificate[]> => {
    const answer = await market.platform.data<{ certificates: Page<Certificate> }>(CERTIFICATES, variables, sender); // prettier-ignore
    return nodes(answer.certificates);
  };
  const history = async (sender: Sender) => {
    const answer = await market.platform.data<History>(HISTORY, {}, sender);
    return {
      transfers: nodes(answer.certificateTransfers),
      claims: nodes(answer.certificateClaims),
      shortfalls: nodes(answer.certificateShortfalls),
    };
  };
  const issue = (quantityWh: number, change: object = {}, by: Sender = school.participant) =>
    market.platform.graphql(
      ISSUE,
      {
        input: {
          sessionId: session,
          participantId: school.participant.id,
          startsAt: isoInstant(hour(0)),
          quantityWh,
          ...change,
        },
      },
      by,
    );
  const pass = (certificateId: string, quantityWh: number, to: string, by: Sender) =>
    market.platform.graphql(TRANSFER, { input: { certificateId, quantityWh, toParticipantId: to } }, by);
  const claim = (certificateId: string, quantityWh: number | null, by: Sender) =>
    market.platform.graphql(CLAIM, { input: { certificateId, quantityWh } }, by);
  const lineageOf = async (id: string, by: Sender): Promise<unknown> =>
    (await market.platform.data<{ certificateLineage: unknown }>(LINEAGE, { id }, by)).certificateLineage;

  /** The bakery asks for green energy in the first hour, and for any in the second; the school exports 1 500 and 600 Wh. */
  beforeAll(async () => {
    market = await MarketDay.start();
    ({ buyer: bakery, seller: school, bystander: workshop } = market.firms);
    session = await market.openSession({ mechanism: 'p2p-bilateral' });
    const green = { preferences: { green: true } };
    const bids = [
      { ...order('b0', 0, 'buy', 1_000, 27_800), ...green },
      order('b1', 1, 'buy', 1_000, 27_800),
    ];
    const asks = [
      { ...order('s0', 0, 'sell', 1_000, 10_200), ...green },
      order('s1', 1, 'sell', 1_000, 10_200),
    ];
    await market.submit(session, bakery.participant, bids);
    await market.submit(session, school.participant, asks);
    await market.close(session);
    await market.reached(session, 'CLEARED');
    await market.setClock(DAY.endMs);
    await market.deliver(session, bakery.participant, [meter(0, 1_200, 0), meter(1, 900, 0)]);
    unsettled = codeOf(await issue(1));
    await market.deliver(session, school.participant, [meter(0, 0, 1_500), meter(1, 0, 600)]);
    await market.reached(session, 'SETTLED');
  }, 120_000);

  afterAll(() => market.stop());

  it('pass to the buyer that asked for green energy with its trade, and are hashed into the ledger', async () => {
    const traded = {
      participantId: bakery.participant.id,
      quantityWh: 1_000,
      state: 'LIVE',
      startsAt: isoInstant(hour(0)),
      technology: 'pv-rooftop',
      area: 'Europe/Berlin',
      bound: true,
    };
    expect(await held(bakery.apiKey)).toMatchObject([traded]);
    expect(await held(school.apiKey)).toEqual([]);
    const transfer = {
      participantId: school.participant.id,
      toParticipantId: bakery.participant.id,
      quantityWh: 1_000,
      sessionId: session,
    };
    for (const party of [bakery, school]) expect((await history(party.apiKey)).transfers).toEqual([transfer]);
    const entries = nodes((await market.ledger(school.apiKey)).entries);
    expect(entries.filter(({ type }) => type === 'certificates.issued')).toMatchObject([
      { reference: `${session}/${school.participant.id}/1` },
    ]);
  });

  it('are issued to the exporter for what no trade gave away, and for no Wh more', async () => {
    expect(unsettled).toBe('CERTIFICATE_SESSION');
    expect(codeOf(await issue(501))).toBe('CERTIFICATE_EXCEEDS_EXPORT');
    const issued = await Promise.all([issue(500), issue(500)]);
    expect(issued.map(codeOf)).toEqual(expect.arrayContaining([undefined, 'CERTIFICATE_EXCEEDS_EXPORT']));
    expect(codeOf(await issue(1))).toBe('CERTIFICATE_EXCEEDS_EXPORT');
    // All that was exported in the second hour went to the bakery, which did not ask for certificates.
    expect(codeOf(await issue(1, { startsAt: isoInstant(hour(1)) }))).toBe('CERTIFICATE_EXCEEDS_EXPORT');
    expect(codeOf(await issue(1, {}, workshop.apiKey))).toBe('PARTICIPANT_UNKNOWN');
    expect(codeOf(await issue(0))).toBe('CERTIFICATE_QUANTITY');
    expect(await held(school.apiKey)).toMatchObject([{ quantityWh: 500, state: 'LIVE', bound: false }]);
  });

  it('are passed on once, in parts, with a history that both sides can verify offline', async () => {
    const [own] = await held(school.apiKey);
    const [bought] = await held(bakery.apiKey);
    expect(codeOf(await pass(bought!.id, 10, workshop.participant.id, bakery.apiKey))).toBe(
      'CERTIFICATE_BOUND',
    );
    expect(codeOf(await pass(own!.id, 10, workshop.participant.id, bakery.apiKey))).toBe(
      'CERTIFICATE_UNKNOWN',
    );
    const passed = await Promise.all(
      [1, 2, 3].map(() => pass(own!.id, 200, workshop.participant.id, school.participant)),
    );
    expect(passed.map(codeOf).filter((code) => code === undefined)).toHaveLength(1);
    expect(passed.map(codeOf).filter((code) => code === 'CERTIFICATE_NOT_LIVE')).toHaveLength(2);
    expect(await held(school.apiKey)).toMatchObject([{ quantityWh: 300 }]);
    const [got] = await held(workshop.apiKey);
    expect(got).toMatchObject({ quantityWh: 200, state: 'LIVE' });
    expect((await history(workshop.apiKey)).transfers).toMatchObject([{ quantityWh: 200, sessionId: null }]);

    const lineage = await lineageOf(got!.id, workshop.apiKey);
    const verified = await verify(lineage);
    expect(verified.exitCode).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      verified: true,
      events: 3,
      issues: [{ quantityWh: 500, technology: 'pv-rooftop' }],
      certificates: [{ quantityWh: 200, owner: workshop.participant.id }],
    });
    const forged = JSON.parse(JSON.stringify(lineage).replaceAll('"end":200', '"end":201')) as unknown;
    expect(JSON.parse((await verify(forged)).stderr)).toMatchObject({ error: { code: 'LINEAGE_HASH' } });
    // Nobody reads the history of what another holds.
    for (const outsider of [bakery.apiKey, market.platform.operatorKey]) {
      const answer = await market.platform.graphql(LINEAGE, { id: got!.id }, outsider);
      expect(codeOf(answer)).toBe('CERTIFICATE_UNKNOWN');
    }
  });

  it('are claimed once, however many ask at the same time, and no more than was imported', async () => {
    const [bought] = await held(bakery.apiKey);
    const claims = await Promise.all([1, 2, 3, 4].map(() => claim(bought!.id, 600, bakery.participant)));
    expect(claims.map(codeOf).filter((code) => code === undefined)).toHaveLength(1);
    expect(claims.map(codeOf).filter((code) => code === 'CERTIFICATE_NOT_LIVE')).toHaveLength(3);
    expect((await history(bakery.apiKey)).claims).toEqual([
      { participantId: bakery.participant.id, quantityWh: 600, startsAt: isoInstant(hour(0)) },
    ]);
    expect(await held(bakery.apiKey, { state: 'CLAIMED' })).toMatchObject([{ quantityWh: 600 }]);
    const [claimed] = await held(bakery.apiKey, { state: 'CLAIMED' });
    expect((await verify(await lineageOf(claimed!.id, bakery.apiKey))).exitCode).toBe(0);
    // The workshop traded nothing: no meter of it has spoken.
    const [got] = await held(workshop.apiKey);
    expect(codeOf(await claim(got!.id, 1, workshop.apiKey))).toBe('CLAIM_EXCEEDS_CONSUMPTION');
  });

  it('of others claim only what no bought energy covers', async () => {
    const [own] = await held(school.apiKey);
    // 1 200 Wh imported, 1 000 of it bought with its attributes.
    await pass(own!.id, 250, bakery.participant.id, school.apiKey);
    const [free] = (await held(bakery.apiKey, { state: 'LIVE' })).filter(
      ({ quantityWh }) => quantityWh === 250,
    );
    expect(codeOf(await claim(free!.id, 201, bakery.apiKey))).toBe('CLAIM_EXCEEDS_CONSUMPTION');
    expect(codeOf(await claim(free!.id, 200, bakery.apiKey))).toBeUndefined();
  });

  it('follow corrections: withdrawn as far as they are not used, the rest flagged, and issued again by the difference', async () => {
    const state = async () => {
      const rows = [...(await held(bakery.apiKey, { first: 100 })), ...(await held(school.apiKey))];
      const sum = (of: string) =>
        rows.filter((row) => row.state === of).reduce((total, { quantityWh }) => total + quantityWh, 0);
      return { live: sum('LIVE'), claimed: sum('CLAIMED'), withdrawn: sum('WITHDRAWN') };
    };
    // Live: the bakery's 400 of the trade and 50 bought beside it, the school's own 50.
    expect(await state()).toEqual({ live: 500, claimed: 800, withdrawn: 0 });
    await correct(market, session, school.participant, [corrected(meter(0, 0, 900), 2)]);
    await settledAgain(market, session, 2);
    // 50 of the school's own; 450 of own issue are in other hands, so 450 of 900 are left for the trade: 550 less, of 400 live.
    expect(await state()).toEqual({ live: 50, claimed: 800, withdrawn: 450 });
    const short = { participantId: school.participant.id, kind: 'PRODUCTION', startsAt: isoInstant(hour(0)) };
    expect((await history(school.apiKey)).shortfalls).toEqual([{ ...short, quantityWh: 150 }]);
    expect((await history(bakery.apiKey)).shortfalls).toEqual([]);

    await correct(market, session, school.participant, [corrected(meter(0, 0, 1_500), 3)]);
    await settledAgain(market, session, 3);
    await correct(market, session, bakery.participant, [corrected(meter(0, 700, 0), 2)]);
    await settledAgain(market, session, 4);
    // All 1 000 of the trade again: 600 are claimed, 400 are issued anew. The bakery has claimed 100 more than it imported.
    expect(await state()).toEqual({ live: 450, claimed: 800, withdrawn: 450 });
    expect((await history(school.apiKey)).shortfalls).toEqual([]);
    expect((await history(bakery.apiKey)).shortfalls).toEqual([
      {
        participantId: bakery.participant.id,
        kind: 'CONSUMPTION',
        quantityWh: 100,
        startsAt: isoInstant(hour(0)),
      },
    ]);
  });

  it('are a member’s own: others, and the operator, see none', async () => {
    const stranger = await market.platform.createOrganisation('Stranger');
    for (const outsider of [stranger.apiKey, market.platform.operatorKey]) {
      expect(await held(outsider)).toEqual([]);
      expect(await history(outsider)).toEqual({ transfers: [], claims: [], shortfalls: [] });
    }
  });

  it('expire after two years', async () => {
    const [live] = await held(workshop.apiKey, { state: 'LIVE' });
    await market.setClock(hour(1) + 730 * DAY_MS);
    expect(codeOf(await pass(live!.id, 1, bakery.participant.id, workshop.apiKey))).toBe(
      'CERTIFICATE_EXPIRED',
    );
  });
});
