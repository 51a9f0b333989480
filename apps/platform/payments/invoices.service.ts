import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { DomainError, isoInstant } from '#core';
import { currencyDigits } from '#exchange';
import { Database } from '#persistence';
import type { InvoiceDocument } from '#reports';
import { DataAgreement } from '../agreements/agreements.entities.ts';
import { requireConsumer } from '../agreements/party.ts';
import { DataSet } from '../catalogue/catalogue.entities.ts';
import { Organisation } from '../identity/identity.entities.ts';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { AgreementOrder, Invoice, type InvoiceKind } from './payments.entities.ts';

/** Invoices and credit notes, for both parties of their agreement. */
@Injectable()
export class InvoicesService {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  list(principal: Principal, page: PageArgs): Promise<Connection<Invoice>> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(Invoice, 'invoice'), page, 'DESC'),
    );
  }

  /** @throws INVOICE_NOT_FOUND also for another's */
  ofOrder(principal: Principal, orderId: string, kind: InvoiceKind): Promise<Invoice> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, (manager) => find(manager, { orderId, kind }));
  }

  /** As it is handed out. @throws INVOICE_NOT_FOUND also for another's */
  document(principal: Principal, id: string): Promise<InvoiceDocument> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, async (manager) =>
      documentOf(manager, await find(manager, { id })),
    );
  }
}

/** Row-level security shows none but the own ones. @throws INVOICE_NOT_FOUND */
async function find(
  manager: EntityManager,
  where: { readonly id: string } | { readonly orderId: string; readonly kind: InvoiceKind },
): Promise<Invoice> {
  const id = 'id' in where ? where.id : where.orderId;
  const invoice = isUuid(id) ? await manager.findOneBy(Invoice, where) : null;
  if (invoice !== null) return invoice;
  throw new DomainError(
    'INVOICE_NOT_FOUND',
    'expected an invoice of this organisation, got none',
    'not-found',
  );
}

async function documentOf(manager: EntityManager, invoice: Invoice): Promise<InvoiceDocument> {
  const { orderId, agreementId, kind, number, currency, amountMinor, feeMinor, sellerMinor } = invoice;
  const order = await manager.findOneByOrFail(AgreementOrder, { id: orderId });
  const original =
    kind === 'CREDIT_NOTE' ? await manager.findOneBy(Invoice, { orderId, kind: 'INVOICE' }) : null;
  const parties = await manager.findBy(Organisation, { id: In([invoice.providerId, invoice.consumerId]) });
  const party = (wanted: string) => {
    const { id, name, legalId } = parties.find((each) => each.id === wanted)!;
    return { id, name, legalId };
  };
  return {
    form: 'gridcommons/invoice/1',
    kind,
    number,
    corrects: original?.number ?? null,
    issuedAt: isoInstant(invoice.createdAt.getTime()),
    seller: party(invoice.providerId),
    buyer: party(invoice.consumerId),
    agreementId,
    orderId,
    description: await descriptionOf(manager, order),
    periodStart: iso(order.periodStart),
    periodEnd: iso(order.periodEnd),
    currency,
    digits: currencyDigits(currency) ?? 0,
    amountMinor,
    feeMinor,
    sellerMinor,
  };
}

const iso = (date: Date | null): string | null => (date === null ? null : isoInstant(date.getTime()));

/** The title is fixed once a data set is listed; a retired one is shown to its publisher alone. */
async function descriptionOf(
  manager: EntityManager,
  { agreementId, priceKind }: AgreementOrder,
): Promise<string> {
  const { dataSetId } = await manager.findOneByOrFail(DataAgreement, { id: agreementId });
  const dataSet = await manager.findOneBy(DataSet, { id: dataSetId });
  const what = priceKind === 'revenueShare' ? 'Share of revenue' : 'Use of data';
  return dataSet === null ? what : `${what}: ${dataSet.title}`;
}
