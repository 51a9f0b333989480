import { type EntityManager, In } from 'typeorm';
import { ForecastAgreement, ForecastAgreementEnd } from './forecast-terms.entities.ts';

/** An agreement as far as it holds: `endsAt` is where it was ended, if it was. */
export type HeldAgreement = Omit<ForecastAgreement, never> & { readonly endedEarly: boolean };

/** Each with its earliest end; one that was ended before it began stays, empty. */
export async function withEnds(
  manager: EntityManager,
  agreements: readonly ForecastAgreement[],
): Promise<HeldAgreement[]> {
  const ends = await manager.findBy(ForecastAgreementEnd, {
    agreementId: In(agreements.map(({ id }) => id)),
  });
  return agreements.map((agreement) => {
    const own = ends.filter(({ agreementId }) => agreementId === agreement.id);
    const endMs = Math.min(...own.map(({ endsAt }) => endsAt.getTime()), agreement.endsAt.getTime());
    return Object.assign({}, agreement, { endsAt: new Date(endMs), endedEarly: own.length > 0 });
  });
}

/** Those that hold on any day. */
export async function held(
  manager: EntityManager,
  agreements: readonly ForecastAgreement[],
): Promise<HeldAgreement[]> {
  return (await withEnds(manager, agreements)).filter(({ startsAt, endsAt }) => startsAt < endsAt);
}
