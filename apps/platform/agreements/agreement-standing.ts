import { type EntityManager, In } from 'typeorm';
import { AGREEMENT_ENDINGS, type AgreementStanding, standingAt } from '#exchange';
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
  return agreements.map((agreement) => {
    const own = events.filter(({ agreementId }) => agreementId === agreement.id);
    return { agreement, events: own, ...standingOf(agreement, own, atMs) };
  });
}

function standingOf(
  { validFrom, validUntil, paidAt, price }: DataAgreement,
  events: readonly AgreementEvent[],
  atMs: number,
): Pick<StandingAgreement, 'standing' | 'revocationEpoch'> {
  const endings = AGREEMENT_ENDINGS.filter((ending) => events.some(({ type }) => type === ending));
  const facts = {
    finalised: events.some(({ type }) => type === 'FINALISED'),
    ending: endings[0] ?? null,
    validFromMs: validFrom.getTime(),
    validUntilMs: validUntil?.getTime() ?? null,
    paid: price === null || paidAt !== null,
  };
  return { standing: standingAt(facts, atMs), revocationEpoch: endings.length };
}
