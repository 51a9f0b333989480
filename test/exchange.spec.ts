import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { run } from './harness/command-line.ts';
import {
  type DeliveryDesk,
  must,
  refused,
  startDeliveryDesk,
  writeContent,
} from './harness/delivery-desk.ts';
import { uses } from './harness/negotiation-desk.ts';
import type { TestOrganisation } from './harness/platform.ts';

jest.setTimeout(120_000);

const NOW_MS = Date.parse('2026-11-27T12:00Z');
const ROWS = Array.from({ length: 400 }, (_, i) => `2026-01-01T00:00:00Z,${i}`);
const flat = (amountMinor: number) => ({ kind: 'flat', currency: 'EUR', amountMinor });

/** One data set from its listing to its revocation, as seller, buyer, operator and auditor live it. */
describe('data exchange', () => {
  let desk: DeliveryDesk;
  let auditorKey: string;
  let [dataSetId, offerId, agreementId, versionId] = ['', '', '', ''];
  const output = () => join(desk.folder, 'bought.csv');

  const by = async <T>(sender: TestOrganisation | string, query: string, variables: object = {}): Promise<T> =>
    (await desk.platform.data<{ answer: T }>(query, variables, typeof sender === 'string' ? sender : sender.apiKey)).answer; // prettier-ignore
  const download = () =>
    desk.buyer.data('download', versionId, '--agreement', agreementId, '--output', output());
  const balanceOf = async (owner: TestOrganisation) =>
    (await by<{ balanceMinor: number }[]>(owner, '{ answer: wallet { balanceMinor } }'))[0]?.balanceMinor ??
    0;
  const balances = async () => ({
    buyer: await balanceOf(desk.consumer),
    seller: await balanceOf(desk.provider),
  });

  beforeAll(async () => {
    desk = await startDeliveryDesk(NOW_MS);
    await must(desk.buyer.data('key'));
    const { apiKey } = await by<{ apiKey: string }>(
      desk.platform.operatorKey,
      'mutation { answer: createOrganisation(input: { name: "Auditor", legalId: "test:auditor", auditor: true }) { apiKey } }',
    );
    auditorKey = apiKey;
  }, 120_000);
  afterAll(() => desk.stop());

  it('begins with a listing that others find', async () => {
    const input = { key: 'feeder-7', title: 'Feeder seven by hour', carrier: 'ELECTRICITY', kind: 'READINGS', licence: 'CC-BY-4.0' }; // prettier-ignore
    const { id } = await by<{ id: string }>(desk.provider, 'mutation ($input: CreateDataSetInput!) { answer: createDataSet(input: $input) { id } }', { input }); // prettier-ignore
    dataSetId = id;
    const terms = { dataSetId, policy: uses(50), price: flat(900), validFrom: '2026-11-01T00:00:00Z' };
    const offer = await by<{ id: string }>(desk.provider, 'mutation ($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id } }', { input: terms }); // prettier-ignore
    offerId = offer.id;
    const search = '{ answer: dataSets(search: "feeder seven") { edges { node { id title } } } }';
    expect(await by(desk.consumer, search)).toEqual({ edges: [] });
    await by(desk.provider, 'mutation ($id: ID!) { answer: listDataSet(id: $id) { id } }', { id: dataSetId });
    expect(await by(desk.consumer, search)).toMatchObject({ edges: [{ node: { id: dataSetId } }] });
  });

  it('goes on with a counter-offer about the price, to an agreement', async () => {
    const request = { offerId, consumerPid: randomUUID(), price: flat(500) };
    const { id } = await desk.ask('request', { input: request }, desk.consumer);
    await desk.ask('counter', { input: { negotiationId: id, price: flat(800) } }, desk.provider);
    await desk.ask('accept', { id }, desk.consumer);
    await desk.ask('agree', { id }, desk.provider);
    await desk.ask('verify', { id }, desk.consumer);
    const finalised = await desk.ask('finalise', { id }, desk.provider);
    expect(finalised).toMatchObject({ state: 'FINALIZED', price: flat(800) });
    agreementId = finalised.agreementId!;
  });

  it('delivers nothing before it is paid', async () => {
    const { file, about } = await writeContent(desk.folder, ROWS);
    const published = desk.seller.data('publish', file, '--data-set', dataSetId, '--about', about, '--readings', String(ROWS.length)); // prettier-ignore
    ({ versionId } = await must<{ versionId: string }>(published));
    expect(await refused(download())).toEqual({ code: 'AGREEMENT_UNPAID', exitCode: 1 });
    const deposit = { organisationId: desk.consumer.organisationId, currency: 'EUR', amountMinor: 1_000, reference: 'bank 1' }; // prettier-ignore
    await by(desk.platform.operatorKey, 'mutation ($input: OutsideMoneyInput!) { answer: depositToWallet(input: $input) { balanceMinor } }', { input: deposit }); // prettier-ignore
    const pay = { agreementId, idempotencyKey: 'order-1' };
    const order = await by(desk.consumer, 'mutation ($input: PayAgreementInput!) { answer: payAgreement(input: $input) { amountMinor feeMinor sellerMinor } }', { input: pay }); // prettier-ignore
    expect(order).toEqual({ amountMinor: 800, feeMinor: 20, sellerMinor: 780 });
    expect(await balances()).toEqual({ buyer: 200, seller: 780 });
  });

  it('then delivers what only the buyer can read, and meters it once', async () => {
    await must(desk.seller.data('grant', versionId, '--agreement', agreementId));
    await must(download());
    expect((await readFile(output(), 'utf8')).split('\n')).toEqual(ROWS);
    const usage = 'query ($agreementId: ID!) { answer: agreementUsage(agreementId: $agreementId) { edges { node { readings } } } }'; // prettier-ignore
    for (const party of [desk.provider, desk.consumer])
      expect(await by(party, usage, { agreementId })).toEqual({
        edges: [{ node: { readings: ROWS.length } }],
      });
    await must(desk.buyer.data('download', versionId, '--agreement', agreementId, '--output', join(desk.folder, 'again.csv'))); // prettier-ignore
    expect(await by(desk.consumer, usage, { agreementId })).toEqual({
      edges: [{ node: { readings: ROWS.length } }],
    });
  });

  it('ends with a revocation: the next read is refused, what was read is not given back', async () => {
    await desk.ask('revoke', { id: agreementId, code: 'CONSENT_WITHDRAWN' }, desk.provider);
    const later = desk.buyer.data('download', versionId, '--agreement', agreementId, '--output', join(desk.folder, 'late.csv')); // prettier-ignore
    expect(await refused(later)).toEqual({ code: 'AGREEMENT_REVOKED', exitCode: 1 });
    // A flat price is given back where nothing was read; here it was.
    expect(await balances()).toEqual({ buyer: 200, seller: 780 });
  });

  it('leaves a chain of decisions that an auditor verifies offline, and no row of the data', async () => {
    const [keyFile, file] = [join(desk.folder, 'auditor.key'), join(desk.folder, 'agreement.audit')];
    await writeFile(keyFile, auditorKey, { mode: 0o600 });
    const exported = await run(['audit', 'export', agreementId, '--out', file, '--platform', desk.platform.url, '--key-file', keyFile]); // prettier-ignore
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    const verified = await run(['audit', 'verify', file, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ verified: true });
    const { entries } = JSON.parse(await readFile(file, 'utf8')) as { entries: { decision: string; code: string | null }[] }; // prettier-ignore
    expect(entries.at(0)).toMatchObject({ decision: 'DENY', code: 'AGREEMENT_UNPAID' });
    expect(entries.at(-1)).toMatchObject({ decision: 'DENY', code: 'AGREEMENT_REVOKED' });
    expect(entries.filter(({ decision }) => decision === 'PERMIT').length).toBeGreaterThanOrEqual(2);
    const payload = await desk.platform.graphql('query ($a: ID!, $v: ID!) { openDelivery(agreementId: $a, versionId: $v) { capsuleFragment } }', { a: agreementId, v: versionId }, auditorKey); // prettier-ignore
    expect(payload.errors?.[0]?.extensions.code).toBe('ROLE_MISSING');
  });

  it('is nothing that a stranger could see', async () => {
    const code = async (query: string, variables: object) =>
      (await desk.platform.graphql(query, variables, desk.stranger.apiKey)).errors?.[0]?.extensions.code;
    expect(await code('query ($id: ID!) { dataAgreement(id: $id) { id } }', { id: agreementId })).toBe('AGREEMENT_NOT_FOUND'); // prettier-ignore
    expect(await refused(desk.outsider.data('download', versionId, '--agreement', agreementId, '--output', join(desk.folder, 'stolen.csv')))).toMatchObject({ exitCode: 1 }); // prettier-ignore
  });
});
