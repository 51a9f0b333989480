import { type CarbonReport, type ProductFootprint, reportBytes } from '#carbon';
import { fixedClock, signJson, utf8 } from '#core';
import { requireInput } from '#inputs';
import { carbonReportInput, carbonReportStudy } from '#studies';
import {
  type AccessGrant,
  changeAccess,
  publishFootprint,
  type PublishedFootprint,
} from '../../apps/participant/carbon/publish-footprint.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import type { TestParticipant } from './participant.ts';
import type { TestOrganisation, TestPlatform } from './platform.ts';

/** What a roof generated in a year, with the life cycle of its panels: 41 g/kWh, or as said. */
export const ROOF = {
  basis: 'lifecycle',
  period: { start: '2025-01-01T00:00:00Z', end: '2026-01-01T00:00:00Z' },
  activities: [
    {
      kind: 'own-generation',
      id: 'roof',
      consumptionKwh: 52_000,
      factorKgPerKwh: '0.041',
      factorGwpSet: 'AR5',
    },
  ],
};

export const TERMS = {
  activities: ['roof'],
  geographyCountry: 'DE',
  productIds: ['urn:pact:north.example:supplier-id:roof'],
  productClassifications: ['urn:cpc:1710'],
  crossSectoralStandards: ['GHGP-Product'],
};

/** An inventory's report that a participant signed. */
export async function signedInventory(
  { id, signingKey: { publicKey, privateKey } }: Pick<TestParticipant, 'id' | 'signingKey'>,
  inventory: object,
): Promise<CarbonReport> {
  const subject = { name: 'North works', participantId: id };
  const report = await carbonReportStudy.run(requireInput({ subject, inventory }, carbonReportInput), {}, { progress: () => undefined }); // prettier-ignore
  const statement = { hash: report.hash, participantId: id };
  const signature = await signJson(privateKey, 'gridcommons/carbon-report/1', statement);
  return { ...report, signature: { participantId: id, publicKey, signature } };
}

/** Prefix and secret of an API key as HTTP Basic shows them. */
export function basicOf(apiKey: string): string {
  const at = apiKey.lastIndexOf('_');
  return Buffer.from(`${apiKey.slice(0, at)}:${apiKey.slice(at + 1)}`).toString('base64');
}

/** What a member does with footprints at its node, and what its organisation does as a recipient. */
export class FootprintDesk {
  readonly #client: PlatformClient;

  constructor(
    private readonly platform: TestPlatform,
    readonly organisation: TestOrganisation,
  ) {
    const { id: participantId, signingKey } = organisation.participant;
    this.#client = new PlatformClient(platform.url, { participantId, privateKey: signingKey.privateKey });
  }

  /** Of a report that it signs. */
  async publish(
    terms: object = {},
    inventory: object = {},
    replaces?: readonly string[],
  ): Promise<PublishedFootprint> {
    const report = await signedInventory(this.organisation.participant, { ...ROOF, ...inventory });
    return this.publishOf(report, terms, replaces);
  }

  publishOf(
    report: CarbonReport,
    terms: object = {},
    replaces?: readonly string[],
  ): Promise<PublishedFootprint> {
    const files = { report: reportBytes(report), terms: utf8(JSON.stringify({ ...TERMS, ...terms })) };
    const { publicKey } = this.organisation.participant.signingKey;
    return publishFootprint(this.#client, files, {
      publicKey,
      clock: fixedClock(Date.UTC(2026, 0, 2)),
      replaces,
    });
  }

  access(footprintId: string, of: FootprintDesk, isRevoked = false): Promise<AccessGrant> {
    const { organisationId } = of.organisation;
    return changeAccess(this.#client, { footprintId, organisationId }, isRevoked);
  }

  /** A bearer token for an API key, by default the organisation's. */
  async token(apiKey: string = this.organisation.apiKey): Promise<string> {
    const response = await this.requestToken(apiKey);
    const { access_token: token } = (await response.json()) as { access_token: string };
    return token;
  }

  requestToken(apiKey: string, form = 'grant_type=client_credentials'): Promise<Response> {
    return this.platform.request('POST', '/auth/token', {
      body: utf8(form),
      headers: {
        authorization: `Basic ${basicOf(apiKey)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
  }

  async get(path: string, token?: string): Promise<Response> {
    const headers = { authorization: `Bearer ${token ?? (await this.token())}` };
    return this.platform.request('GET', path, { headers });
  }

  async list(query = ''): Promise<ProductFootprint[]> {
    const response = await this.get(`/3/footprints${query}`);
    if (response.status !== 200) throw new Error(`expected a list, got ${await response.text()}`);
    return ((await response.json()) as { data: ProductFootprint[] }).data;
  }
}
