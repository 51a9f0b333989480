import { randomUUID } from 'node:crypto';
import { Database } from '#persistence';
import type { MarketDay } from './market-day.ts';
import type { NegotiationDesk } from './negotiation-desk.ts';
import { seriesDraft } from './series-desk.ts';

const FLAT = { kind: 'flat', currency: 'EUR', amountMinor: 71_113 };

/** What the parties of agreements have beside them: an open series, a paid order with its invoice, an encrypted version. */
export async function exchangeOf(market: MarketDay, desk: NegotiationDesk): Promise<void> {
  await hostedSeries(market, desk);
  const agreementId = await paidAgreement(market, desk);
  await encryptedVersion(market, desk, agreementId);
}

async function hostedSeries({ platform }: MarketDay, { provider }: NegotiationDesk): Promise<void> {
  const { createSeries } = await platform.data<{ createSeries: { id: string } }>(
    'mutation ($input: CreateSeriesInput!) { createSeries(input: $input) { id } }',
    seriesDraft({ key: 'victims-series' }),
    provider.apiKey,
  );
  const readings = [{ start: '2026-11-01T00:00:00Z', value: '734512' }];
  await platform.data(
    'mutation ($input: IngestReadingsInput!) { ingestReadings(input: $input) { ingest { accepted } } }',
    { input: { seriesId: createSeries.id, readings } },
    provider.apiKey,
  );
}

async function paidAgreement({ platform }: MarketDay, desk: NegotiationDesk): Promise<string> {
  const { agreementId } = await desk.concluded({ price: FLAT });
  await platform.data(
    'mutation ($input: OutsideMoneyInput!) { depositToWallet(input: $input) { balanceMinor } }',
    { input: { organisationId: desk.consumer.organisationId, currency: 'EUR', amountMinor: 93_337, reference: 'victims-transfer' } }, // prettier-ignore
    platform.operatorKey,
  );
  await platform.data(
    'mutation ($input: PayAgreementInput!) { payAgreement(input: $input) { id } }',
    { input: { agreementId, idempotencyKey: 'victims-order' } },
    desk.consumer.apiKey,
  );
  return agreementId!;
}

/** Rows as a publication and a grant leave them; how sites make what is in them is the story of delivery. */
async function encryptedVersion(
  { platform }: MarketDay,
  { provider, consumer }: NegotiationDesk,
  agreementId: string,
): Promise<void> {
  const database = platform.app.get(Database);
  const [versionId, receivingKey] = [randomUUID(), '02'.padEnd(66, 'a7')];
  await database.asSystem(async (manager) => {
    const [agreement] = await manager.query<{ data_set_id: string }[]>(
      'SELECT data_set_id FROM data_agreements WHERE id = $1',
      [agreementId],
    );
    await manager.query(
      `INSERT INTO data_set_versions (id, tenant_id, data_set_id, number, content_root, chunks, bytes, starts_at, ends_at, columns,
         findings, sample, created_at)
       VALUES ($1, $2, $3, 1, $4, 1, 81931, now(), now(), '[]', '[]', '[]', now())`,
      [versionId, provider.organisationId, agreement!.data_set_id, 'b3'.repeat(32)],
    );
  });
  await database.asTenant(provider.organisationId, async (manager) => {
    await manager.query(
      `INSERT INTO encrypted_versions (version_id, tenant_id, data_set_id, participant_id, manifest, signature, chunk_list, created_at)
       SELECT id, tenant_id, data_set_id, $2, '{"note": "victims manifest"}', $3, $4, now() FROM data_set_versions WHERE id = $1`,
      [versionId, provider.participant.id, 'b5'.repeat(64), 'b7'.repeat(32)],
    );
    await manager.query(
      `INSERT INTO delivery_grants (id, agreement_id, version_id, consumer_id, provider_id, participant_id, receiving_key,
         fragment, statement, signature, valid_until, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'victims fragment', '{"note": "victims grant"}', $8, null, now())`,
      [randomUUID(), agreementId, versionId, consumer.organisationId, provider.organisationId, provider.participant.id, receivingKey, 'b9'.repeat(64)], // prettier-ignore
    );
  });
  await database.asTenant(consumer.organisationId, (manager) =>
    manager.query(
      `INSERT INTO receiving_keys (id, tenant_id, participant_id, public_key, signature, created_at)
       VALUES ($1, $2, $3, $4, $5, now())`,
      [randomUUID(), consumer.organisationId, consumer.participant.id, receivingKey, 'bb'.repeat(64)],
    ),
  );
}
