import { randomUUID } from 'node:crypto';
import { isoInstant, sha256Hex, utf8 } from '#core';
import { JobHandlers } from '../../apps/platform/jobs/job-handlers.ts';
import { linkCodeOf } from './identity-provider.ts';
import { IntradayMarket } from './intraday-market.ts';
import { decisionsOf } from './audit-decisions.ts';
import { DAY, hour, MarketDay, meter, order } from './market-day.ts';
import { declaration, MarketDefaults } from './market-defaults.ts';
import { MarketLots } from './market-lots.ts';
import { type NegotiationDesk, negotiationDesk, uses } from './negotiation-desk.ts';
import type { TestOrganisation } from './platform.ts';
import { exchangeOf } from './rival-world-exchange.ts';
import { type Ask, carbonOf, computationsOf, forecastsOf } from './rival-world-published.ts';

/** When the rival tries: terms and offers of data sets are in force. */
const LATER_MS = Date.parse('2026-11-27T12:00Z');

export interface RivalWorld {
  readonly market: MarketDay;
  /** Its consumer negotiates. */
  readonly desk: NegotiationDesk;
}

/** A platform on which a victim has done about everything that a tenant can do. Takes tens of seconds. */
export async function startRivalWorld(): Promise<RivalWorld> {
  const market = await MarketDay.start({
    GRIDCOMMONS_MAX_QUERY_COST: '1000000',
    GRIDCOMMONS_QUERY_COST_BURST: '1000000000',
    GRIDCOMMONS_OIDC_ISSUER: 'https://id.test',
    GRIDCOMMONS_OIDC_AUDIENCE: 'gridcommons',
    GRIDCOMMONS_OIDC_JWKS_URL: 'https://id.test/jwks',
  });
  const { platform, firms } = market;
  const victimKey = await everyRole(market, firms.buyer);
  const ask: Ask = async <T>(query: string, variables: object = {}, sender: string = victimKey) =>
    (await platform.data<{ answer: T }>(query, variables, sender)).answer;
  const subject = 'victims-subject';
  const linkCode = linkCodeOf(platform, subject, 'https://id.test');
  await ask('mutation ($input: LinkIdentityInput!) { answer: linkIdentity(input: $input) { id } }', { input: { memberName: 'victims own', subject, linkCode, roles: ['firm'] } }); // prettier-ignore
  await tradedDay(market);
  await carbonOf(market, ask);
  await forecastsOf(market, ask);
  await computationsOf(market, ask);
  const desk = await negotiationDesk(platform);
  await market.setClock(LATER_MS);
  await agreementsOf(market, desk);
  await exchangeOf(market, desk);
  await platform.app.get(JobHandlers).reconcile();
  const bytes = utf8('what the victim alone keeps');
  await platform.request('PUT', `/blobs/${await sha256Hex(bytes)}`, { sender: victimKey, body: bytes });
  return { market, desk };
}

/** A key of a new member with all roles that an organisation gives its own. */
export async function everyRole(
  { platform }: Pick<MarketDay, 'platform'>,
  of: TestOrganisation,
): Promise<string> {
  const input = { memberName: randomUUID(), roles: ['firm', 'analyst', 'admin'] };
  const { createApiKey } = await platform.data<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input },
    of.apiKey,
  );
  return createApiKey.secret;
}

/** Sessions with auction, order books, settlement, certificates, default orders and lots. */
async function tradedDay(market: MarketDay): Promise<void> {
  const { buyer, seller, bystander } = market.firms;
  const id = await market.tradedSession({ intraday: true, mechanism: 'p2p-bilateral' });
  const books = new IntradayMarket(market, id);
  await books.submit(bystander.participant, [order('rest-s', 1, 'sell', 512_743, 29_000)]);
  await books.submit(buyer.participant, [order('rest-b', 1, 'buy', 317_561, 29_500)]);
  const lots = await market.openSession({ mechanism: 'muda-lottery', revealMinutes: 5 });
  await new MarketLots(market, lots).commit(buyer.participant, 'ab'.repeat(32));
  await new MarketDefaults(market).declare(buyer.participant, declaration({ declaration: 'victims-own' }));
  await market.setClock(DAY.endMs);
  await market.deliver(id, buyer.participant, [meter(0, 1_000, 0), meter(1, 318_561, 0)]);
  await market.deliver(id, seller.participant, [meter(0, 0, 121_500), meter(1, 0, 1_000)]);
  await market.deliver(id, bystander.participant, [meter(1, 0, 317_561)]);
  await market.reached(id, 'SETTLED');
  const issue = { sessionId: id, participantId: seller.participant.id, startsAt: isoInstant(hour(0)), quantityWh: 54_321 }; // prettier-ignore
  const { issueCertificate } = await market.platform.data<{ issueCertificate: { id: string } }>(
    'mutation ($input: IssueCertificateInput!) { issueCertificate(input: $input) { id } }',
    { input: issue },
    seller.participant,
  );
  await market.platform.data(
    'mutation ($input: TransferCertificateInput!) { transferCertificate(input: $input) { certificateId } }',
    { input: { certificateId: issueCertificate.id, quantityWh: 43_210, toParticipantId: buyer.participant.id } }, // prettier-ignore
    seller.participant,
  );
}

/** A draft, an agreement in force that was read under, an open transfer, and a negotiation that goes on. */
async function agreementsOf({ platform }: MarketDay, desk: NegotiationDesk): Promise<void> {
  const { provider, consumer } = desk;
  const { agreementId } = await desk.concluded();
  const parties = { consumerId: consumer.organisationId, providerId: provider.organisationId };
  await decisionsOf(platform, { ...parties, agreementId: agreementId! }).permit(
    consumer.participant,
    consumer.organisationId,
    { rows: 61_803, bytes: 398_874 },
  );
  const input = { agreementId, consumerPid: 'urn:victim:transfer-1' };
  const { id } = await desk.ask('requestTransfer', { input }, consumer);
  await desk.ask('start', { id }, provider);
  const open = { offerId: await desk.offer(), consumerPid: 'urn:victim:negotiation-2' };
  await desk.ask('request', { input: open }, consumer);
  const draft = { key: 'victims-draft', title: 'Victims draft', carrier: 'HEAT', kind: 'READINGS', licence: 'CC-BY-4.0' }; // prettier-ignore
  const { createDataSet } = await platform.data<{ createDataSet: { id: string } }>(
    'mutation ($input: CreateDataSetInput!) { createDataSet(input: $input) { id } }',
    { input: draft },
    provider.apiKey,
  );
  await platform.data(
    'mutation ($input: OfferDataSetInput!) { offerDataSet(input: $input) { id } }',
    { input: { dataSetId: createDataSet.id, policy: uses(8) } },
    provider.apiKey,
  );
}
