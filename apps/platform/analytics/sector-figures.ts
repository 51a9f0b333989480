import {
  LEAST_ORGANISATIONS,
  type Sector,
  type SectorView,
  sectorView,
  SHAPE_LABELS,
  type ShapeLabel,
  type SharedLabel,
} from '#analytics';
import type { EmissionsSum } from '../carbon/emissions.ts';

/** By organisation; who states none is in a row of its own. */
export type Sectors = ReadonlyMap<string, Sector | null>;

/** Grams by sector; null where withheld. */
export interface SectorGrams {
  /** Null: not stated, or all. */
  readonly sector: Sector | null;
  readonly organisations: number;
  readonly grams: number | null;
  readonly meanGrams: number | null;
  readonly medianGrams: number | null;
}

/** Mean shares of days by label; null where withheld. */
export interface SectorLabels {
  readonly sector: Sector | null;
  readonly organisations: number;
  readonly labels: readonly LabelShare[] | null;
}

interface LabelShare {
  readonly label: ShapeLabel;
  readonly percentOfDays: number;
}

export interface BySector<T> {
  readonly leastOrganisations: number;
  readonly sectors: readonly T[];
  readonly total: T;
}

interface SharedPortrait {
  readonly tenantId: string;
  readonly labels: readonly SharedLabel[];
}

/** Sums by organisation, of one basis and account, by sector. */
export function emissionsBySector(
  sums: readonly Pick<EmissionsSum, 'organisationId' | 'grams'>[],
  sectors: Sectors,
): BySector<SectorGrams> {
  const grams = new Map(sums.map((sum) => [sum.organisationId!, sum.grams]));
  return rowsOf(viewOf(grams, sectors), ({ sum, mean, median, ...row }) => ({
    ...row,
    grams: sum,
    meanGrams: mean,
    medianGrams: median,
  }));
}

/** The newest portraits of members as the mean of their organisations, and these by sector. */
export function portraitsBySector(
  portraits: readonly SharedPortrait[],
  sectors: Sectors,
): BySector<SectorLabels> {
  const views = SHAPE_LABELS.map((label) => viewOf(meanShares(portraits, label), sectors));
  const [first] = views;
  return {
    leastOrganisations: first!.leastOrganisations,
    sectors: first!.sectors.map(({ sector, organisations }, i) => ({
      sector: sectorOf(sector),
      organisations,
      labels: labelsOf(views.map((view) => view.sectors[i]!)),
    })),
    total: {
      sector: null,
      organisations: first!.total.organisations,
      labels: labelsOf(views.map(({ total }) => total)),
    },
  };
}

type Row = SectorView['sectors'][number];

/** Of one row of the view of each label. All views are of the same organisations: what one withholds they all do. */
const labelsOf = (rows: readonly Pick<Row, 'mean'>[]): LabelShare[] | null =>
  rows.every(({ mean }) => mean === null)
    ? null
    : SHAPE_LABELS.map((label, i) => ({ label, percentOfDays: rows[i]!.mean! }));

const NOT_STATED = '';

const sectorOf = (text: string): Sector | null => (text === NOT_STATED ? null : (text as Sector));

const viewOf = (figures: ReadonlyMap<string, number>, sectors: Sectors): SectorView =>
  sectorView(
    [...figures].map(([organisation, value]) => ({
      organisation,
      sector: sectors.get(organisation) ?? NOT_STATED,
      value,
    })),
    LEAST_ORGANISATIONS,
  );

const rowsOf = <T>(
  { leastOrganisations, sectors, total }: SectorView,
  of: (row: Omit<Row, 'sector'> & { readonly sector: Sector | null }) => T,
): BySector<T> => ({
  leastOrganisations,
  sectors: sectors.map((row) => of({ ...row, sector: sectorOf(row.sector) })),
  total: of({ ...total, sector: null }),
});

function meanShares(portraits: readonly SharedPortrait[], label: ShapeLabel): Map<string, number> {
  const shares = new Map<string, number[]>();
  for (const { tenantId, labels } of portraits) {
    const percent = labels.find((shared) => shared.label === label)?.percentOfDays ?? 0;
    shares.set(tenantId, [...(shares.get(tenantId) ?? []), percent]);
  }
  return new Map([...shares].map(([organisation, own]) => [organisation, meanOf(own)]));
}

const meanOf = (own: readonly number[]): number => own.reduce((sum, share) => sum + share, 0) / own.length;
