import { describe, expect, it } from '@jest/globals';
import { type InvoiceDocument, renderInvoice } from './invoice.ts';

const INVOICE: InvoiceDocument = {
  form: 'gridcommons/invoice/1',
  kind: 'INVOICE',
  number: 7,
  corrects: null,
  issuedAt: '2026-11-27T12:00:00Z',
  seller: { id: 's', name: 'Stadtwerke Süd 电', legalId: 'DE-1' },
  buyer: { id: 'b', name: 'Buyer', legalId: 'DE-2' },
  agreementId: 'a',
  orderId: 'o',
  description: 'Use of data',
  periodStart: null,
  periodEnd: null,
  currency: 'EUR',
  digits: 2,
  amountMinor: 1_005,
  feeMinor: 25,
  sellerMinor: 980,
};

describe('an invoice', () => {
  it.each(['json', 'pdf'] as const)('is the same bytes each time: %s', async (format) => {
    const [first, second] = await Promise.all([1, 2].map(() => renderInvoice(INVOICE, format)));
    expect(Buffer.from(first!)).toEqual(Buffer.from(second!));
  });

  it('is a PDF of its own, and JSON that reads back', async () => {
    const pdf = Buffer.from(await renderInvoice(INVOICE, 'pdf'));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const credit = Buffer.from(
      await renderInvoice({ ...INVOICE, kind: 'CREDIT_NOTE', corrects: 7, number: 8 }, 'pdf'),
    );
    expect(credit.equals(pdf)).toBe(false);
    expect(JSON.parse(Buffer.from(await renderInvoice(INVOICE, 'json')).toString())).toEqual(INVOICE);
  });
});
