import { DomainError } from '#core';

/** A figure of one organisation. */
export interface SectorFigure {
  readonly organisation: string;
  readonly sector: string;
  readonly value: number;
}

/** What is told of a sector; null where it would tell too few organisations' figures. */
export interface SectorRow {
  readonly sector: string;
  readonly organisations: number;
  readonly sum: number | null;
  readonly mean: number | null;
  readonly median: number | null;
}

export interface SectorView {
  /** By name. */
  readonly sectors: readonly SectorRow[];
  readonly total: Omit<SectorRow, 'sector'>;
  readonly leastOrganisations: number;
}

interface Group {
  readonly sector: string;
  readonly values: readonly number[];
}

/**
 * Sums, means and medians by sector. A row of fewer than `leastOrganisations` is withheld; and as the total less the rows shown is
 * the sum of the rows withheld, these together hold `leastOrganisations` too: else the smallest row shown is withheld as well
 * (complementary suppression, Hundepool et al., Statistical Disclosure Control 2012, ch. 4). The median needs twice as many: beside
 * a sum it is one organisation's own figure.
 * @throws SECTOR_REPEATED where an organisation stands twice, SECTOR_VALUE
 */
export function sectorView(figures: readonly SectorFigure[], leastOrganisations: number): SectorView {
  requireFigures(figures);
  const groups = [...new Set(figures.map(({ sector }) => sector))].toSorted().map((sector): Group => ({
    sector,
    values: figures.filter((figure) => figure.sector === sector).map(({ value }) => value),
  }));
  const withheld = withheldSectors(groups, leastOrganisations);
  const { sector: _all, ...total } = rowOf(
    { sector: '', values: figures.map(({ value }) => value) },
    figures.length >= leastOrganisations,
    leastOrganisations,
  );
  return {
    sectors: groups.map((group) => rowOf(group, !withheld.has(group.sector), leastOrganisations)),
    total,
    leastOrganisations,
  };
}

function withheldSectors(groups: readonly Group[], least: number): ReadonlySet<string> {
  const bySize = groups.toSorted(
    (a, b) => a.values.length - b.values.length || (a.sector < b.sector ? -1 : 1),
  );
  const withheld = new Set<string>();
  let hidden = 0;
  for (const { sector, values } of bySize) {
    const isApart = hidden === 0 || hidden >= least;
    if (values.length >= least && isApart) break;
    withheld.add(sector);
    hidden += values.length;
  }
  return withheld;
}

function rowOf({ sector, values }: Group, isShown: boolean, least: number): SectorRow {
  const sum = values.toSorted((a, b) => a - b).reduce((total, value) => total + value, 0);
  const told = { sector, organisations: values.length };
  if (!isShown) return { ...told, sum: null, mean: null, median: null };
  return {
    ...told,
    sum,
    mean: sum / values.length,
    median: values.length >= 2 * least ? middle(values) : null,
  };
}

/** The mean of the middle four, or three: no one organisation's own figure. */
function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const inner = sorted.length % 2 === 1 ? sorted.slice(half - 1, half + 2) : sorted.slice(half - 2, half + 2);
  return inner.reduce((sum, value) => sum + value, 0) / inner.length;
}

function requireFigures(figures: readonly SectorFigure[]): void {
  const seen = new Set<string>();
  for (const { organisation, value } of figures) {
    if (seen.has(organisation)) {
      throw new DomainError('SECTOR_REPEATED', `expected each organisation once, got ${organisation} twice`);
    }
    if (!Number.isFinite(value))
      throw new DomainError('SECTOR_VALUE', `expected a finite figure, got ${value}`);
    seen.add(organisation);
  }
}
