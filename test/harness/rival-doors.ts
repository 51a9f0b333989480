import type { INestApplicationContext } from '@nestjs/common';
import { utf8 } from '#core';
import { FootprintDesk } from './footprints.ts';
import type { TestOrganisation, TestPlatform } from './platform.ts';
import type { Ids } from './rival-requests.ts';

/** How a door is tried: its path with an id in it, and a message. */
interface Try {
  readonly path: string;
  readonly message?: object;
}

export type Door = (ids: Ids) => Try;

const CONTEXT = ['https://w3id.org/dspace/2025/1/context.jsonld'];
const NEGOTIATION = 'negotiations.id';
const TRANSFER = 'transfers.id';
const urn = (id: string): string => `urn:uuid:${id}`;

const message = (type: string, content: object): object => ({
  '@context': CONTEXT,
  '@type': type,
  ...content,
});
const about = (kind: string, path: string, tail: string, type: string, content: object = {}): Door => (ids) => ({ path: `/dsp/${path}/${ids(kind)}${tail}`, message: message(type, { providerPid: urn(ids(kind)), consumerPid: 'urn:rival:1', ...content }) }); // prettier-ignore

/** Every route of the platform beside GraphQL, as `METHOD /path`; null where nothing of a tenant is behind it, which a comment says. */
export const DOORS: Readonly<Record<string, readonly Door[] | null>> = {
  'GET /blobs/:sha256': [(ids) => ({ path: `/blobs/${ids('blob.sha256')}` })],
  // Stores what the caller sends, under its hash.
  'PUT /blobs/:sha256': null,
  'GET /deliveries/:agreementId/:versionId/list': [
    (ids) => ({
      path: `/deliveries/${ids('data_agreements.id')}/${ids('encrypted_versions.version_id')}/list`,
    }),
  ],
  'GET /deliveries/:agreementId/:versionId/:index': [
    (ids) => ({ path: `/deliveries/${ids('data_agreements.id')}/${ids('encrypted_versions.version_id')}/0` }),
  ],
  'GET /invoices/:id': [(ids) => ({ path: `/invoices/${ids('invoices.id')}?format=json` })],
  // Listed data sets are for everybody; the page is searched for markers all the same.
  'GET /catalogue.jsonld': [() => ({ path: '/catalogue.jsonld' })],
  'GET /forecasts/export': [
    () => ({ path: '/forecasts/export?format=csv&from=2026-03-28T23:00:00Z&to=2026-04-02T22:00:00Z' }),
  ],
  'GET /downloads/:what': [
    () => ({ path: '/downloads/forecasts?format=csv&from=2026-03-28T23:00:00Z&to=2026-04-02T22:00:00Z' }),
    (ids) => ({ path: `/downloads/market-trades?format=csv&sessionId=${ids('market_session.id')}` }),
    (ids) => ({ path: `/downloads/market-settlements?format=csv&sessionId=${ids('market_session.id')}` }),
    () => ({
      path: '/downloads/published-emissions?format=csv&from=2026-03-01T00:00:00Z&to=2026-05-01T00:00:00Z',
    }),
    (ids) => ({
      path: `/downloads/series-readings?format=csv&seriesId=${ids('hosted_series.id')}&from=2026-11-01T00:00:00Z&until=2026-11-02T00:00:00Z`,
    }),
    (ids) => ({
      path: `/downloads/series-readings?format=csv&seriesId=${ids('hosted_series.id')}&agreementId=${ids('data_agreements.id')}&from=2026-11-01T00:00:00Z&until=2026-11-02T00:00:00Z`,
    }),
  ],
  // Answers API keys with tokens.
  'POST /auth/token': null,
  'GET /3/footprints': [() => ({ path: '/3/footprints' })],
  'GET /3/footprints/:id': [(ids) => ({ path: `/3/footprints/${ids('footprint.id')}` })],
  'POST /3/events': [() => ({ path: '/3/events', message: {} })],
  // Says where the protocol is.
  'GET /.well-known/dspace-version': null,
  'POST /dsp/catalog/request': [
    () => ({ path: '/dsp/catalog/request', message: message('CatalogRequestMessage', {}) }),
  ],
  'GET /dsp/catalog/datasets/:id': [(ids) => ({ path: `/dsp/catalog/datasets/${ids('data_sets.id')}` })],
  'POST /dsp/negotiations/request': [
    (ids) => ({
      path: '/dsp/negotiations/request',
      message: message('ContractRequestMessage', {
        consumerPid: 'urn:rival:2',
        callbackAddress: 'https://rival.example/',
        offer: { '@id': urn(ids('data_offers.id')), '@type': 'Offer', target: urn(ids('data_sets.id')) },
      }),
    }),
  ],
  'GET /dsp/negotiations/:pid': [(ids) => ({ path: `/dsp/negotiations/${ids(NEGOTIATION)}` })],
  'POST /dsp/negotiations/:pid/agreement/verification': [
    about(NEGOTIATION, 'negotiations', '/agreement/verification', 'ContractAgreementVerificationMessage'),
  ],
  'POST /dsp/negotiations/:pid/:message': [
    about(NEGOTIATION, 'negotiations', '/request', 'ContractRequestMessage'),
    about(NEGOTIATION, 'negotiations', '/events', 'ContractNegotiationEventMessage', { eventType: 'ACCEPTED' }), // prettier-ignore
    about(NEGOTIATION, 'negotiations', '/termination', 'ContractNegotiationTerminationMessage'),
  ],
  'POST /dsp/transfers/request': [
    (ids) => ({
      path: '/dsp/transfers/request',
      message: message('TransferRequestMessage', {
        agreementId: urn(ids('data_agreements.id')),
        consumerPid: 'urn:rival:3',
        callbackAddress: 'https://rival.example/',
        format: 'HttpData-PULL',
      }),
    }),
  ],
  'GET /dsp/transfers/:pid': [(ids) => ({ path: `/dsp/transfers/${ids(TRANSFER)}` })],
  'POST /dsp/transfers/:pid/:message': [
    about(TRANSFER, 'transfers', '/start', 'TransferStartMessage'),
    about(TRANSFER, 'transfers', '/completion', 'TransferCompletionMessage'),
    about(TRANSFER, 'transfers', '/suspension', 'TransferSuspensionMessage'),
    about(TRANSFER, 'transfers', '/termination', 'TransferTerminationMessage'),
  ],
  // Say whether the process lives.
  'GET /health/live': null,
  'GET /health/ready': null,
};

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}
interface WithRouter extends INestApplicationContext {
  getHttpAdapter(): { getInstance(): { router: { stack: readonly Layer[] } } };
}

/** What the running platform routes, as `METHOD /path`. */
export function routesOf({ app }: TestPlatform): string[] {
  const { router } = (app as WithRouter).getHttpAdapter().getInstance();
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`),
  );
}

/** Status, headers but the date, and body of a door that a tenant tries. */
export async function tryDoor(
  platform: TestPlatform,
  tenant: TestOrganisation,
  route: string,
  { path, message: sent }: Try,
): Promise<string> {
  const [method = ''] = route.split(' ');
  const isPact = path.startsWith('/3/');
  const token = isPact ? await new FootprintDesk(platform, tenant).token() : tenant.apiKey;
  const response = await platform.request(method, path, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(sent === undefined ? {} : { body: utf8(JSON.stringify(sent)) }),
  });
  const headers = [...response.headers].filter(
    ([name]) => !['date', 'etag', 'content-length'].includes(name),
  );
  return `${response.status} ${JSON.stringify(headers)} ${await response.text()}`;
}
