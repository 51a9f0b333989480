import { DomainError } from '#core';
import { type SessionNeed, clearsSessions, sessionMechanism, sessionNeeds } from '#market';

/** What a session must say beside its mechanism, where that needs it; see sessionNeeds. */
export interface MechanismTerms {
  /** Name of the mechanism that clears every slot. */
  readonly mechanism: string;
  /** lots: when commitments end and orders begin; null: when the organiser opens bids. */
  readonly bidsOpenAtMs: number | null;
  /** lots: minutes after the gate in which nonces may be revealed; null: the default. */
  readonly revealMinutes: number | null;
  /** deficitCap: the most the organiser pays in for one slot, in minor units. */
  readonly deficitCapMinor: number | null;
  /** unit: the size of every order. */
  readonly unitWh: number | null;
}

export const DEFAULT_REVEAL_MINUTES = 15;
const MAX_REVEAL_MINUTES = 24 * 60;
/** With at most a hundred slots a day, what an organiser pays in stays an exact integer. */
const MAX_DEFICIT_CAP_MINOR = 1_000_000_000_000;

/**
 * A mechanism that no order can keep from clearing, and the terms that it needs, and no others.
 * @throws MECHANISM_UNKNOWN, SESSION_MECHANISM, SESSION_LOTS, SESSION_DEFICIT_CAP, SESSION_UNIT
 */
export function requireMechanismTerms(terms: GatedTerms, maxUnitWh: number): void {
  const mechanism = sessionMechanism(terms.mechanism);
  if (!clearsSessions(mechanism)) {
    throw refuse('SESSION_MECHANISM', 'a mechanism that takes a book of any size', terms);
  }
  const needs = sessionNeeds(mechanism);
  requireWhere(needs, 'deficitCap', terms, [terms.deficitCapMinor, 0, MAX_DEFICIT_CAP_MINOR]);
  requireWhere(needs, 'unit', terms, [terms.unitWh, 1, maxUnitWh]);
  if (needs.includes('lots')) requireLotTerms(terms);
  else requireNoLotTerms(terms);
}

type GatedTerms = MechanismTerms & { readonly gateClosesAtMs: number | null };

/** Minutes after the gate in which nonces may be revealed; null in a session that draws no lots. */
export const revealMinutesOf = ({ mechanism, revealMinutes }: MechanismTerms): number | null =>
  sessionNeeds(sessionMechanism(mechanism)).includes('lots')
    ? (revealMinutes ?? DEFAULT_REVEAL_MINUTES)
    : null;

const CODES = {
  deficitCap: ['SESSION_DEFICIT_CAP', 'deficitCapMinor'],
  unit: ['SESSION_UNIT', 'unitWh'],
} as const satisfies Partial<Record<SessionNeed, readonly [string, string]>>;

/** A whole number within bounds where it is needed, nothing where it is not. */
function requireWhere(
  needs: readonly SessionNeed[],
  need: keyof typeof CODES,
  terms: MechanismTerms,
  [value, least, most]: readonly [value: number | null, least: number, most: number],
): void {
  const [code, name] = CODES[need];
  if (!needs.includes(need)) {
    if (value !== null) throw refuse(code, `no ${name}, which this mechanism does not need`, terms);
  } else if (value === null || !Number.isSafeInteger(value) || value < least || value > most) {
    throw refuse(code, `${name} from ${least} to ${most}, which this mechanism needs`, terms);
  }
}

function requireLotTerms(terms: GatedTerms): void {
  const { bidsOpenAtMs, gateClosesAtMs } = terms;
  const minutes = terms.revealMinutes ?? DEFAULT_REVEAL_MINUTES;
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MAX_REVEAL_MINUTES) {
    throw refuse('SESSION_LOTS', `revealMinutes from 1 to ${MAX_REVEAL_MINUTES}`, terms);
  }
  if (bidsOpenAtMs !== null && gateClosesAtMs !== null && bidsOpenAtMs >= gateClosesAtMs) {
    throw refuse('SESSION_LOTS', 'bidsOpenAt before gateClosesAt', terms);
  }
}

function requireNoLotTerms(terms: GatedTerms): void {
  if (terms.bidsOpenAtMs === null && terms.revealMinutes === null) return;
  throw refuse(
    'SESSION_LOTS',
    'neither bidsOpenAt nor revealMinutes, as this mechanism draws no lots',
    terms,
  );
}

const refuse = (code: string, expected: string, { mechanism }: MechanismTerms): DomainError =>
  new DomainError(code, `expected ${expected}, got other terms for ${mechanism}`, 'invalid', { mechanism });

/** What of a participant's order its session's mechanism may refuse. */
interface SlotOrder {
  readonly id: string;
  readonly startMs: number;
  readonly quantityWh: number;
}

/**
 * A participant's orders of some slots, as its session's mechanism takes them: a book that it would refuse never comes about.
 * @throws ONE_ORDER_REQUIRED, UNIT_ORDERS_REQUIRED
 */
export function requireTradersOrders(
  { mechanism, unitWh }: Pick<MechanismTerms, 'mechanism' | 'unitWh'>,
  orders: readonly SlotOrder[],
): void {
  const needs = sessionNeeds(sessionMechanism(mechanism));
  if (needs.includes('oneOrder') && new Set(orders.map(({ startMs }) => startMs)).size < orders.length) {
    throw new DomainError('ONE_ORDER_REQUIRED', `expected one order a slot, as ${mechanism} takes them, got more`, 'conflict', { mechanism }); // prettier-ignore
  }
  const other = orders.find(({ quantityWh }) => unitWh !== null && quantityWh !== unitWh);
  if (other === undefined) return;
  throw new DomainError('UNIT_ORDERS_REQUIRED', `expected orders of ${unitWh} Wh, got another in order ${other.id}`, 'invalid', { order: other.id, unitWh }); // prettier-ignore
}
