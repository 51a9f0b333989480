import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  type DeliveryDesk,
  must,
  refused,
  startDeliveryDesk,
  writeContent,
} from './harness/delivery-desk.ts';

jest.setTimeout(60_000);

const DEPOSIT = 'mutation ($input: OutsideMoneyInput!) { depositToWallet(input: $input) { balanceMinor } }';
const PAY = 'mutation ($input: PayAgreementInput!) { payAgreement(input: $input) { id } }';
const WALLET = '{ wallet { balanceMinor } }';

let desk: DeliveryDesk;

beforeAll(async () => {
  desk = await startDeliveryDesk(Date.parse('2026-11-27T12:00Z'));
  await must(desk.buyer.data('key'));
}, 60_000);

afterAll(() => desk.stop());

it('a delivery is paid by readings only up to as many as its buyer expects, whatever the provider says it holds', async () => {
  const { platform, seller, buyer, consumer, folder } = desk;
  const price = { kind: 'perReading', currency: 'EUR', amountMinor: 1, readings: 100 };
  const { agreementId, dataSetId } = await desk.agreed({ price });
  const money = { organisationId: consumer.organisationId, currency: 'EUR', amountMinor: 5_000, reference: 'bank' }; // prettier-ignore
  await platform.data(DEPOSIT, { input: money }, platform.operatorKey);
  await platform.data(PAY, { input: { agreementId, idempotencyKey: 'order' } }, consumer.apiKey);
  const { file, about } = await writeContent(folder, ['1', '2']);
  const { versionId } = await must<{ versionId: string }>(seller.data('publish', file, '--data-set', dataSetId, '--about', about, '--readings', '140000')); // prettier-ignore
  await must(seller.data('grant', versionId, '--agreement', agreementId));

  const download = (...words: string[]) =>
    buyer.data('download', versionId, '--agreement', agreementId, '--output', join(folder, 'priced.csv'), ...words); // prettier-ignore
  for (const words of [[], ['--max-readings', '139999']]) {
    expect(await refused(download(...words))).toEqual({ code: 'READINGS_ABOVE_MAX', exitCode: 1 });
  }
  const balance = () => platform.data(WALLET, {}, consumer.apiKey);
  expect(await balance()).toEqual({ wallet: [{ balanceMinor: 5_000 }] });
  await must(download('--max-readings', '140000'));
  expect(await balance()).toEqual({ wallet: [{ balanceMinor: 3_600 }] });
});

it('nothing is sent of an empty file, or for a data set of another', async () => {
  const { seller, outsider, folder } = desk;
  const { dataSetId } = await desk.agreed();
  const { file, about } = await writeContent(folder, ['1', '2']);
  const sent: string[] = [];
  desk.meddle({
    async before({ method, path }) {
      if (method === 'PUT') sent.push(path);
      return 'pass';
    },
  });
  const empty = join(folder, 'empty.csv');
  await writeFile(empty, '');
  const options = ['--data-set', dataSetId, '--about', about];
  expect(await refused(seller.data('publish', empty, ...options))).toEqual({
    code: 'FILE_EMPTY',
    exitCode: 1,
  });
  expect(await refused(outsider.data('publish', file, ...options))).toEqual({ code: 'DATA_SET_NOT_FOUND', exitCode: 1 }); // prettier-ignore
  expect(sent).toEqual([]);
});
