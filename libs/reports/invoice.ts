import { concat, type Json, canonicalJson, parseInstant, utf8 } from '#core';
import {
  ACCENT,
  BOLD,
  heading,
  latin,
  MARGIN,
  MUTED,
  type Pdf,
  WIDTH,
  write,
  writeWrapped,
} from './pdf-page.ts';
import { drawTable } from './pdf-table.ts';

interface InvoiceParty {
  readonly id: string;
  readonly name: string;
  readonly legalId: string;
}

/** An invoice, or a credit note that takes back a part of one. Amounts are integer minor units; `digits` are those of the currency. */
export interface InvoiceDocument {
  readonly form: 'gridcommons/invoice/1';
  readonly kind: 'INVOICE' | 'CREDIT_NOTE';
  /** Of the seller, from 1 without gaps. */
  readonly number: number;
  /** The number of the invoice that a credit note is about. */
  readonly corrects: number | null;
  readonly issuedAt: string;
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  readonly agreementId: string;
  readonly orderId: string;
  readonly description: string;
  readonly periodStart: string | null;
  readonly periodEnd: string | null;
  readonly currency: string;
  readonly digits: number;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly sellerMinor: number;
}

/** The bytes of a file; of the same invoice the same bytes. */
export async function renderInvoice(invoice: InvoiceDocument, format: 'json' | 'pdf'): Promise<Uint8Array> {
  if (format === 'pdf') return invoicePdf(invoice);
  return utf8(`${canonicalJson(invoice as unknown as Json)}\n`);
}

async function invoicePdf(invoice: InvoiceDocument): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit');
  const pdf = new PDFDocument({ size: 'A4', margin: 0, info: infoOf(invoice) });
  const parts: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('data', (part: Uint8Array) => parts.push(part));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  const afterParties = drawParties(pdf, invoice, drawTitle(pdf, invoice));
  const afterAmounts = drawAmounts(pdf, invoice, afterParties);
  const note =
    'Paid from the buyer’s wallet on the platform. The fee is what the platform keeps of the amount. No tax is stated.';
  writeWrapped(pdf, note, { x: MARGIN, y: afterAmounts, width: WIDTH }, { color: MUTED });
  pdf.end();
  await ended;
  return concat(...parts);
}

const titleOf = ({ kind, number }: InvoiceDocument): string =>
  `${kind === 'INVOICE' ? 'Invoice' : 'Credit note'} ${number}`;

/** A date of the invoice's own, so that the same invoice is the same bytes. */
function infoOf(invoice: InvoiceDocument) {
  const issued = new Date(parseInstant(invoice.issuedAt));
  return {
    Title: latin(titleOf(invoice)),
    Author: latin(invoice.seller.name),
    Subject: invoice.orderId,
    Creator: 'gridcommons',
    Producer: 'gridcommons',
    CreationDate: issued,
    ModDate: issued,
  };
}

function drawTitle(pdf: Pdf, invoice: InvoiceDocument): number {
  const { seller, issuedAt, corrects } = invoice;
  pdf.rect(0, 0, 596, 7).fill(ACCENT);
  write(pdf, titleOf(invoice), { x: MARGIN, y: 34, width: WIDTH }, { font: BOLD, size: 22, color: ACCENT });
  const about = corrects === null ? '' : `, about invoice ${corrects}`;
  write(
    pdf,
    `of ${seller.name}, ${issuedAt}${about}`,
    { x: MARGIN, y: 62, width: WIDTH },
    { size: 9, color: MUTED },
  );
  return 90;
}

function drawParties(pdf: Pdf, { seller, buyer }: InvoiceDocument, top: number): number {
  for (const [i, [title, { name, legalId, id }]] of (
    [
      ['Seller', seller],
      ['Buyer', buyer],
    ] as const
  ).entries()) {
    const column = { x: MARGIN + (i * WIDTH) / 2, width: WIDTH / 2 - 12 };
    write(pdf, title, { ...column, y: top }, { size: 8, color: MUTED });
    write(pdf, name, { ...column, y: top + 12 }, { font: BOLD, size: 11 });
    write(pdf, legalId, { ...column, y: top + 28 });
    write(pdf, id, { ...column, y: top + 40 }, { size: 7, color: MUTED });
  }
  return top + 70;
}

function drawAmounts(pdf: Pdf, invoice: InvoiceDocument, top: number): number {
  const { description, currency, agreementId, periodStart, periodEnd } = invoice;
  const y = heading(pdf, description, top, `agreement ${agreementId}`);
  const period = periodStart === null ? '' : `${periodStart} to ${periodEnd}`;
  const isCredit = invoice.kind === 'CREDIT_NOTE';
  const amount = (minor: number): string => decimal(isCredit ? -minor : minor, invoice.digits);
  return drawTable(
    pdf,
    [
      { title: 'What', share: 0.34 },
      { title: 'Period, UTC', share: 0.44 },
      { title: currency, share: 0.22, align: 'right' },
    ],
    [
      [isCredit ? 'Given back' : 'Amount', period, amount(invoice.amountMinor)],
      ['of it to the seller', '', amount(invoice.sellerMinor)],
      ['of it the fee of the platform', '', amount(invoice.feeMinor)],
    ],
    y,
  );
}

function decimal(minor: number, digits: number): string {
  const [sign, text] = [minor < 0 ? '-' : '', String(Math.abs(minor)).padStart(digits + 1, '0')];
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
