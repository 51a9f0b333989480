import { type EntityManager, In, LessThanOrEqual, MoreThan } from 'typeorm';
import { AGREEMENT_ENDINGS, type AgreementStanding, parsePriceModel, standingAt } from '#exchange';
import { AgreementOrder } from '../payments/payments.entities.ts';
import { AgreementEvent, type DataAgreement } from './agreements.entities.ts';

/** An agreement as it stands at an instant, with what has become of it. */
export interface StandingAgreement {
  readonly agreement: DataAgreement;
  /** In the order they were recorded. */
  readonly events: readonly AgreementEvent[];
  readonly standing: AgreementStanding;
  /** Rises with every ending: what was issued under a lower one is worth nothing. */
  readonly revocationEpoch: number;
}

export async function withStanding(
  manager: EntityManager,
  agreements: readonly DataAgreement[],
  atMs: number,
): Promise<StandingAgreement[]> {
  const events = await manager.find(AgreementEvent, {
    where: { agreementId: In(agreements.map(({ id }) => id)) },
    order: { sequence: 'ASC' },
  });
  const unpaid = await unpaidSubscriptions(manager, agreements, atMs);
  return agreements.map((agreement) => {
    const own = events.filter(({ agreementId }) => agreementId === agreement.id);
    return { agreement, events: own, ...standingOf(agreement, own, atMs, !unpaid.has(agreement.id)) };
  });
}

/** Those of which no period that is paid for contains the instant. */
async function unpaidSubscriptions(
  manager: EntityManager,
  agreements: readonly DataAgreement[],
  atMs: number,
): Promise<ReadonlySet<string>> {
  const ids = agreements
    .filter(({ price }) => parsePriceModel(price).kind === 'subscription')
    .map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const at = new Date(atMs);
  const paid = await manager.find(AgreementOrder, {
    select: { id: true, agreementId: true },
    where: { agreementId: In(ids), periodStart: LessThanOrEqual(at), periodEnd: MoreThan(at) },
  });
  const paidIds = new Set(paid.map(({ agreementId }) => agreementId));
  return new Set(ids.filter((id) => !paidIds.has(id)));
}

function standingOf(
  { validFrom, validUntil, paidAt, price }: DataAgreement,
  events: readonly AgreementEvent[],
  atMs: number,
  isPeriodPaid: boolean,
): Pick<StandingAgreement, 'standing' | 'revocationEpoch'> {
  const endings = AGREEMENT_ENDINGS.filter((ending) => events.some(({ type }) => type === ending));
  const facts = {
    finalised: events.some(({ type }) => type === 'FINALISED'),
    ending: endings[0] ?? null,
    validFromMs: validFrom.getTime(),
    validUntilMs: validUntil?.getTime() ?? null,
    paid: price === null || (paidAt !== null && isPeriodPaid),
  };
  return { standing: standingAt(facts, atMs), revocationEpoch: endings.length };
}
