import { mean } from '#forecasting';

/** Organisations in a published figure at least, as in the sums of the smallest community. */
export const LEAST_ORGANISATIONS = 4;

/** What one participant says of one model on one day. */
export interface ReportedScore {
  readonly organisation: string;
  readonly modelHash: string;
  readonly mase: number;
  readonly coverage: number;
}

/** What the community's reports say of one model on one day; null where too few organisations would be in it. */
export interface ClosedScore {
  readonly modelHash: string;
  readonly organisations: number;
  readonly mase: number | null;
  readonly coverage: number | null;
  /** The champion it was compared with: of a challenger whose reporters are the champion's, all or a group large enough. */
  readonly againstHash: string | null;
  /** Challenger − champion, over the organisations that reported both. */
  readonly lossDifference: number | null;
}

type ByOrganisation = ReadonlyMap<string, Pick<ReportedScore, 'mase' | 'coverage'>>;

/**
 * The figures of a day, one a model with a report. Organisations count the same, however many participants they have. A
 * challenger is judged on the organisations that reported the champion too; where a few of those did not report the
 * challenger it has no figure, as the difference of two means over nearly the same organisations would tell theirs.
 */
export function closeDay(reports: readonly ReportedScore[], championHash: string | null): ClosedScore[] {
  const byModel = grouped(reports, ({ modelHash }) => modelHash);
  const champion = championHash === null ? undefined : byModel.get(championHash);
  const panel = champion && byOrganisation(champion);
  return [...byModel].map(([modelHash, of]) => {
    const own = byOrganisation(of);
    if (modelHash === championHash || !panel || championHash === null) return figures(modelHash, own);
    return challengerFigures(modelHash, own, { modelHash: championHash, panel });
  });
}

function challengerFigures(
  modelHash: string,
  own: ByOrganisation,
  champion: { readonly modelHash: string; readonly panel: ByOrganisation },
): ClosedScore {
  const both = new Map([...own].filter(([organisation]) => champion.panel.has(organisation)));
  const left = champion.panel.size - both.size;
  const score = figures(modelHash, both);
  if (score.mase === null || (left > 0 && left < LEAST_ORGANISATIONS))
    return { ...score, mase: null, coverage: null };
  const differences = [...both].map(
    ([organisation, { mase }]) => mase - champion.panel.get(organisation)!.mase,
  );
  return { ...score, againstHash: champion.modelHash, lossDifference: mean(differences) };
}

function figures(modelHash: string, of: ByOrganisation): ClosedScore {
  const organisations = of.size;
  const scores = [...of.values()];
  const shown = organisations >= LEAST_ORGANISATIONS;
  return {
    modelHash,
    organisations,
    mase: shown ? mean(scores.map(({ mase }) => mase)) : null,
    coverage: shown ? mean(scores.map(({ coverage }) => coverage)) : null,
    againstHash: null,
    lossDifference: null,
  };
}

/** Means over an organisation's participants. */
function byOrganisation(reports: readonly ReportedScore[]): ByOrganisation {
  return new Map(
    [...grouped(reports, ({ organisation }) => organisation)].map(([organisation, of]) => [
      organisation,
      { mase: mean(of.map(({ mase }) => mase)), coverage: mean(of.map(({ coverage }) => coverage)) },
    ]),
  );
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
