import { type FormEvent, useState } from 'react';
import { useApi, useChange } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { DataAgreementQuery, PayAgreementMutation, QuoteAgreementQuery } from '../generated/graphql.ts';
import { formText } from '../parts/form-text.ts';
import { instant, money } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Failure, QueryView } from '../parts/query-view.tsx';
import { minorUnits } from './terms.ts';

const QUOTE = graphql(`
  query QuoteAgreement($agreementId: ID!, $periods: Int!) {
    quoteAgreement(agreementId: $agreementId, periods: $periods) {
      priceKind
      currency
      amountMinor
      feeMinor
      sellerMinor
      periods {
        period
        start
        end
      }
    }
  }
`);

const PAY = graphql(`
  mutation PayAgreement($input: PayAgreementInput!) {
    payAgreement(input: $input) {
      id
      currency
      amountMinor
    }
  }
`);

const DECLARE = graphql(`
  mutation DeclareRevenue($input: DeclareRevenueInput!) {
    declareRevenue(input: $input) {
      id
      currency
      amountMinor
    }
  }
`);

type Agreement = DataAgreementQuery['dataAgreement'];
type Quote = QuoteAgreementQuery['quoteAgreement'];
const words = messages.money;
/** A year of months. */
const PERIODS = 12;

/** What the agreement costs its buyer, who pays it from the wallet; a seller sees whether that was done. */
export function Payment({
  agreement,
  isConsumer,
}: {
  readonly agreement: Agreement;
  readonly isConsumer: boolean;
}) {
  const { id, paidAt } = agreement;
  const kind = kindOf(agreement);
  return (
    <Card title={words.payment}>
      <PaidOn paidAt={paidAt ?? null} isConsumer={isConsumer} isCharged={isCharged(kind)} />
      {isConsumer && isPayable(agreement) && (
        <Paying agreementId={id} isSubscription={kind === 'subscription'} />
      )}
      {isConsumer && paidAt != null && kind === 'revenueShare' && <Declaring agreement={agreement} />}
    </Card>
  );
}

const kindOf = ({ price }: Agreement): string | undefined => (price as { readonly kind?: string }).kind;

/** Periods of a subscription are paid one by one; everything else once. */
const isPayable = (agreement: Agreement): boolean =>
  ['IN_FORCE', 'UNPAID', 'NOT_YET_VALID'].includes(agreement.standing) &&
  (agreement.paidAt == null || kindOf(agreement) === 'subscription');

/** Whose order pays nothing itself: it is the consent to be charged. */
const isCharged = (kind: string | undefined): boolean => kind === 'perReading' || kind === 'revenueShare';

function PaidOn({
  paidAt,
  isConsumer,
  isCharged: isConsent,
}: {
  readonly paidAt: string | null;
  readonly isConsumer: boolean;
  readonly isCharged: boolean;
}) {
  if (paidAt !== null)
    return <p>{isConsent ? words.consentedOn(instant(paidAt)) : words.paidOn(instant(paidAt))}</p>;
  return isConsumer ? null : <p>{words.toBePaid}</p>;
}

function Paying({
  agreementId,
  isSubscription,
}: {
  readonly agreementId: string;
  readonly isSubscription: boolean;
}) {
  const quote = useApi(QUOTE, { agreementId, periods: 1 });
  const periods = useApi(QUOTE, isSubscription ? { agreementId, periods: PERIODS } : null);
  // Of one page a payment is one order, however often its answer gets lost.
  const [order, setOrder] = useState(() => crypto.randomUUID());
  const [period, setPeriod] = useState('');
  const pay = useChange(PAY);
  const submit = (maxMinor: number) =>
    pay.mutate(
      {
        input: {
          agreementId,
          idempotencyKey: `${order}/${period}`,
          // What was shown is the most that is paid.
          maxMinor,
          period: period === '' ? null : Number(period),
        },
      },
      { onSuccess: () => setOrder(crypto.randomUUID()) },
    );
  return (
    <QueryView query={quote}>
      {({ quoteAgreement }) => (
        <>
          <Costs quote={quoteAgreement} />
          <div className="row">
            {isSubscription && (
              <label>
                {words.period}
                <select value={period} onChange={({ target }) => setPeriod(target.value)}>
                  <option value="">{words.running}</option>
                  {periods.data?.quoteAgreement.periods.map((each) => (
                    <option key={each.period} value={each.period}>
                      {instant(each.start)} – {instant(each.end)}
                    </option>
                  ))}
                </select>
              </label>
            )}
            <button
              type="button"
              className="primary"
              disabled={pay.isPending}
              onClick={() => submit(quoteAgreement.amountMinor)}
            >
              {quoteAgreement.amountMinor === 0
                ? words.consent
                : words.pay(money(quoteAgreement.amountMinor, quoteAgreement.currency))}
            </button>
          </div>
          {pay.isError && <Failure error={pay.error} />}
          {pay.data !== undefined && <Paid order={pay.data.payAgreement} />}
        </>
      )}
    </QueryView>
  );
}

function Costs({ quote: { amountMinor, feeMinor, sellerMinor, currency } }: { readonly quote: Quote }) {
  if (amountMinor === 0) return <p>{words.consentText}</p>;
  const [all, fee, seller] = [amountMinor, feeMinor, sellerMinor].map((minor) => money(minor, currency));
  return <p>{words.costs(all!, fee!, seller!)}</p>;
}

const Paid = ({ order }: { readonly order: PayAgreementMutation['payAgreement'] }) => (
  <p role="status" className="good">
    {words.paid(money(order.amountMinor, order.currency))}
  </p>
);

function Declaring({ agreement: { id, price } }: { readonly agreement: Agreement }) {
  const { currency = '' } = price as { readonly currency?: string };
  const [order, setOrder] = useState(() => crypto.randomUUID());
  const declaration = useChange(DECLARE);
  const declare = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const revenueMinor = minorUnits(formText(event.currentTarget, 'revenue'), currency) ?? Number.NaN;
    declaration.mutate(
      { input: { agreementId: id, idempotencyKey: order, revenueMinor } },
      { onSuccess: () => setOrder(crypto.randomUUID()) },
    );
  };
  return (
    <form onSubmit={declare}>
      <label>
        {words.revenue}, {currency}
        <input name="revenue" inputMode="decimal" required />
      </label>
      <button type="submit" className="primary" disabled={declaration.isPending}>
        {words.declare}
      </button>
      {declaration.isError && <Failure error={declaration.error} />}
      {declaration.data !== undefined && <Paid order={declaration.data.declareRevenue} />}
    </form>
  );
}
