import { apportion, DomainError, type Json } from '#core';
import { type Portrait, SHAPE_LABELS, type ShapeLabel } from './portrait.ts';

export const PORTRAIT_METHOD = 'gridcommons/portrait/1';
/** Signature context of portraitStatement. */
export const PORTRAIT_CONTEXT = 'gridcommons/shared-portrait/1';

/** What is told of a portrait about one label. */
export interface SharedLabel {
  readonly label: ShapeLabel;
  /** Share of the days, whole tens above zero. */
  readonly percentOfDays: number;
}

/**
 * A portrait as its member may share it: its labels in the order of SHAPE_LABELS with shares of days in tens of per cent that
 * add up to a hundred (largest remainder). What rounds to nothing is not told, nor are shapes, energies and dates.
 */
export function sharedLabels({ kinds, days }: Pick<Portrait, 'kinds' | 'days'>): SharedLabel[] {
  const daysOf = SHAPE_LABELS.map((label) =>
    kinds
      .filter((kind) => kind.label === label)
      .reduce((sum, { shareOfDays }) => sum + Math.round(shareOfDays * days), 0),
  );
  const tenths = apportion(10n, daysOf.map(BigInt));
  return SHAPE_LABELS.map((label, i) => ({ label, percentOfDays: 10 * Number(tenths[i]) })).filter(
    ({ percentOfDays }) => percentOfDays > 0,
  );
}

/** The labels, and nothing that came with them. @throws PORTRAIT_LABELS unless they are as sharedLabels makes them */
export function requireSharedLabels(
  labels: readonly { readonly label: string; readonly percentOfDays: number }[],
): SharedLabel[] {
  const ranks = labels.map(({ label }) => (SHAPE_LABELS as readonly string[]).indexOf(label));
  const areOrdered = ranks.every((rank, i) => rank > (ranks[i - 1] ?? -1));
  const areTens = labels.every(
    ({ percentOfDays: percent }) => Number.isInteger(percent) && percent >= 10 && percent % 10 === 0,
  );
  const sum = labels.reduce((total, { percentOfDays }) => total + percentOfDays, 0);
  if (areOrdered && areTens && sum === 100)
    return labels.map(({ percentOfDays }, i) => ({ label: SHAPE_LABELS[ranks[i]!]!, percentOfDays }));
  throw new DomainError(
    'PORTRAIT_LABELS',
    `expected labels of ${SHAPE_LABELS.join(', ')} in this order, each once, and tens of per cent that sum to 100, got others`,
  );
}

/** The canonical form of shared labels, for signJson under PORTRAIT_CONTEXT. */
export const portraitStatement = (participantId: string, labels: readonly SharedLabel[]): Json => ({
  participant: participantId,
  method: PORTRAIT_METHOD,
  labels: labels.map(({ label, percentOfDays }) => ({ label, percentOfDays })),
});
