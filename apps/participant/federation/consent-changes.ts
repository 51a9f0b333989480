import { DomainError } from '#core';
import { type Consent, OPEN_CONSENT } from './consent.ts';

/** A part of a consent that can be lifted: whatever it restricts is then as without a consent. */
export type ConsentPart = 'series' | 'kind' | 'organisation' | 'threshold' | 'budget';

/** What `consent set` is told; an absent part stays as it is. */
export interface ConsentChanges {
  readonly series?: string[];
  readonly kind?: Consent['taskKinds'];
  readonly organisation?: string[];
  readonly minimumThreshold?: number;
  readonly epsilon?: number;
  readonly delta?: number;
  readonly allowWithoutPrivacy?: boolean;
  readonly requirePrivacy?: boolean;
  /** Parts to lift. */
  readonly any?: readonly ConsentPart[];
}

const FIELDS = {
  series: 'series',
  kind: 'taskKinds',
  organisation: 'organisations',
  threshold: 'minimumThreshold',
  budget: 'budget',
} as const satisfies Record<ConsentPart, keyof Consent>;

/**
 * Unchecked beyond the changes themselves: see requireConsent.
 * @throws CONSENT_UNCHANGED where nothing is named, CONSENT_CONTRADICTION where a part is set and lifted at once,
 *   CONSENT_BUDGET_INCOMPLETE for a δ without any ε
 */
export function withChanges(consent: Consent, changes: ConsentChanges): Consent {
  const set = partsSet(consent, changes);
  const lifted = (changes.any ?? []).map((part) => FIELDS[part]);
  const both = lifted.find((field) => field in set);
  if (both !== undefined) {
    throw new DomainError('CONSENT_CONTRADICTION', `expected ${both} set or lifted, got both`);
  }
  if (lifted.length + Object.keys(set).length === 0) {
    throw new DomainError('CONSENT_UNCHANGED', 'expected a part to change, such as --series, got none');
  }
  const open = Object.fromEntries(lifted.map((field) => [field, OPEN_CONSENT[field]]));
  return { ...consent, ...set, ...open };
}

function partsSet(consent: Consent, changes: ConsentChanges): Partial<Consent> {
  const { series, kind, organisation, minimumThreshold } = changes;
  const budget = budgetOf(consent, changes);
  const allowed = allowance(changes, budget !== undefined);
  return {
    ...(series === undefined ? {} : { series }),
    ...(kind === undefined ? {} : { taskKinds: kind }),
    ...(organisation === undefined ? {} : { organisations: organisation }),
    ...(minimumThreshold === undefined ? {} : { minimumThreshold }),
    ...(budget === undefined ? {} : { budget }),
    ...(allowed === undefined ? {} : { allowWithoutPrivacy: allowed }),
  };
}

/** One in a million: the δ of a task unless it says otherwise. */
const USUAL_DELTA = 1e-6;

function budgetOf({ budget }: Consent, { epsilon, delta }: ConsentChanges): Consent['budget'] | undefined {
  if (epsilon === undefined && delta === undefined) return undefined;
  const most = epsilon ?? budget?.epsilon;
  if (most === undefined) {
    throw new DomainError('CONSENT_BUDGET_INCOMPLETE', 'expected --epsilon with the first --delta, got none');
  }
  return { epsilon: most, delta: delta ?? budget?.delta ?? USUAL_DELTA };
}

/** A new budget is a promise, which an exact sum would break: those are declined unless they are allowed by name. */
function allowance(
  { allowWithoutPrivacy, requirePrivacy }: ConsentChanges,
  budgeted: boolean,
): boolean | undefined {
  if (allowWithoutPrivacy === true) return true;
  return requirePrivacy === true || budgeted ? false : undefined;
}
