import { LEAST_ORGANISATIONS } from '#analytics';
import { mean, trimmedMean } from '#forecasting';

/** What one participant says of one model on one day. */
export interface ReportedScore {
  readonly organisation: string;
  readonly modelHash: string;
  readonly mase: number;
  readonly coverage: number;
  readonly pinball: number | null;
}

/** What the community's reports say of one model on one day; null where too few organisations would be in it. */
export interface ClosedScore {
  readonly modelHash: string;
  readonly organisations: number;
  readonly mase: number | null;
  /** Without the highest and the lowest quarter: what one organisation says can neither raise nor lower it at will. */
  readonly typicalMase: number | null;
  readonly coverage: number | null;
  /** Null also where not every organisation reported one. */
  readonly pinball: number | null;
  /** The champion it was compared with. */
  readonly againstHash: string | null;
  /** Challenger − champion, over the day's panel. */
  readonly lossDifference: number | null;
  /** Organisations of the figure, in order; none where there is none. Never told. */
  readonly panel: readonly string[];
}

/** A figure of the same day that was told before in another product. */
export type ToldPanel = Pick<ClosedScore, 'modelHash' | 'againstHash' | 'panel'>;

/**
 * The typical error as members are told it: beside the mean of all it gives the sum of those that it leaves out, and so has to
 * leave out four, and four in. Of fewer, who reports nothing but an extreme would read off another's.
 */
export const toldTypicalMase = ({
  organisations,
  typicalMase,
}: Pick<ClosedScore, 'organisations' | 'typicalMase'>): number | null =>
  organisations >= 2 * LEAST_ORGANISATIONS ? typicalMase : null;

type Score = Pick<ReportedScore, 'mase' | 'coverage' | 'pinball'>;
type ByOrganisation = ReadonlyMap<string, Score>;

/**
 * The figures of a day, one a model with a report. Organisations count the same, however many participants they have.
 * Challengers are judged over one panel, a part of those that reported the champion: a figure over another panel, that differs
 * from it by a few, would tell theirs. One that not all of the panel reported has no figure that day.
 * @param told on that day in other products; with a difference the champion's mean over the panel is told too
 */
export function closeDay(
  reports: readonly ReportedScore[],
  championHash: string | null,
  told: readonly ToldPanel[] = [],
): ClosedScore[] {
  const models = new Map(
    [...grouped(reports, ({ modelHash }) => modelHash)].map(([hash, of]) => [hash, byOrganisation(of)]),
  );
  const champion = championHash === null ? undefined : models.get(championHash);
  const challengers = [...models].filter(([hash]) => hash !== championHash);
  const panel = judgingPanel(champion, challengers);
  return [...models].map(([modelHash, own]) => {
    const isJudged = modelHash !== championHash;
    const over = isJudged ? panel : new Set(own.keys());
    const against = isJudged ? champion : undefined;
    const both = [...own.keys()].filter((each) => against?.has(each) ?? true).length;
    const about = isJudged ? [modelHash, championHash] : [modelHash];
    const others = told.filter(
      (other) => about.includes(other.modelHash) || about.includes(other.againstHash),
    );
    if (!over || !isWithin(over, own) || !others.every((other) => areApart(over, new Set(other.panel))))
      return silent(modelHash, both);
    const score = figures(modelHash, within(own, over), both);
    if (!against || score.mase === null) return score;
    const differences = [...over].map((each) => own.get(each)!.mase - against.get(each)!.mase);
    return { ...score, againstHash: championHash, lossDifference: mean(differences) };
  });
}

/**
 * Over which organisations the challengers are judged: those that reported one of them and the champion, where that was reported
 * at all; four at least, and four or none of the champion's left out. The panel that serves most challengers, of those the largest.
 */
function judgingPanel(
  champion: ByOrganisation | undefined,
  challengers: readonly (readonly [string, ByOrganisation])[],
): ReadonlySet<string> | null {
  const candidates = challengers
    .map(([, own]) => new Set([...own.keys()].filter((each) => champion?.has(each) ?? true).toSorted()))
    .filter(
      (panel) =>
        panel.size >= LEAST_ORGANISATIONS && (!champion || areApart(panel, new Set(champion.keys()))),
    );
  const serves = (panel: ReadonlySet<string>): number =>
    challengers.filter(([, own]) => isWithin(panel, own)).length;
  const ranked = candidates.toSorted(
    (a, b) => serves(b) - serves(a) || b.size - a.size || ([...a].join() < [...b].join() ? -1 : 1),
  );
  return ranked[0] ?? null;
}

const isWithin = (panel: ReadonlySet<string>, own: ByOrganisation): boolean =>
  [...panel].every((each) => own.has(each));

const within = (own: ByOrganisation, panel: ReadonlySet<string>): ByOrganisation =>
  new Map([...own].filter(([each]) => panel.has(each)));

const beyond = (of: ReadonlySet<string>, other: ReadonlySet<string>): number =>
  [...of].filter((each) => !other.has(each)).length;

/** Neither has one to three organisations that the other has not. */
const areApart = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  [beyond(a, b), beyond(b, a)].every((count) => count === 0 || count >= LEAST_ORGANISATIONS);

const silent = (modelHash: string, organisations: number): ClosedScore => ({
  modelHash,
  organisations,
  mase: null,
  typicalMase: null,
  coverage: null,
  pinball: null,
  againstHash: null,
  lossDifference: null,
  panel: [],
});

function figures(modelHash: string, of: ByOrganisation, reporting: number): ClosedScore {
  const scores = [...of.values()];
  if (of.size < LEAST_ORGANISATIONS) return silent(modelHash, reporting);
  const mases = scores.map(({ mase }) => mase);
  return {
    modelHash,
    organisations: of.size,
    mase: mean(mases),
    typicalMase: trimmedMean(mases),
    coverage: mean(scores.map(({ coverage }) => coverage)),
    pinball: meanOfAll(scores),
    againstHash: null,
    lossDifference: null,
    panel: [...of.keys()].toSorted(),
  };
}

/** Null unless all say one: a mean over fewer would be of another panel. */
function meanOfAll(scores: readonly Pick<Score, 'pinball'>[]): number | null {
  const losses = scores.flatMap(({ pinball }) => pinball ?? []);
  return losses.length === scores.length ? mean(losses) : null;
}

/** Means over an organisation's participants. */
function byOrganisation(reports: readonly ReportedScore[]): ByOrganisation {
  return new Map(
    [...grouped(reports, ({ organisation }) => organisation)].map(([organisation, of]) => [
      organisation,
      {
        mase: mean(of.map(({ mase }) => mase)),
        coverage: mean(of.map(({ coverage }) => coverage)),
        pinball: meanOfAll(of),
      },
    ]),
  );
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
