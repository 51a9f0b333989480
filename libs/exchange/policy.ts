import type { Action, ConflictStrategy, Logic, Operand, Operator, PolicyType } from './vocabulary.ts';

/**
 * A condition on the request. `value` is in its one text form: an instant (`2026-01-01T00:00:00Z`), a duration (`PT1H`), a whole
 * number for count, a name, or for list operators a sorted list of names.
 */
export interface AtomicConstraint {
  readonly operand: Operand;
  readonly operator: Operator;
  readonly value: string | number | readonly string[];
}

export interface LogicalConstraint {
  readonly logic: Logic;
  readonly constraints: readonly Constraint[];
}

export type Constraint = AtomicConstraint | LogicalConstraint;

/** Pay `amount` (decimal, with the currency's digits) of an ISO 4217 currency, to `party` where one is named. */
export interface Compensation {
  readonly action: 'compensate';
  readonly amount: string;
  readonly currency: string;
  readonly party: string | null;
}

/** Delete what was read while `deadline` still holds: dateTime or elapsedTime with lt or lteq. */
export interface Deletion {
  readonly action: 'delete';
  readonly deadline: AtomicConstraint;
}

/** Name `party` (the assigner where null) wherever results appear. */
export interface Attribution {
  readonly action: 'attribute';
  readonly party: string | null;
}

export type Duty = Compensation | Deletion | Attribution;

/** About any target, or any assignee, where none is named. */
export interface Rule {
  readonly actions: readonly Action[];
  readonly targets: readonly string[];
  readonly assigner: string | null;
  readonly assignee: string | null;
  readonly constraints: readonly Constraint[];
}

export interface Permission extends Rule {
  readonly duties: readonly Duty[];
}

/** A parsed policy: closed, canonical (equal meanings in another order are equal) and frozen; made by parsePolicy only. */
export interface Policy {
  readonly type: PolicyType;
  readonly uid: string | null;
  readonly conflict: ConflictStrategy;
  readonly permissions: readonly Permission[];
  readonly prohibitions: readonly Rule[];
  readonly obligations: readonly Duty[];
}

export const isLogical = (constraint: Constraint): constraint is LogicalConstraint => 'logic' in constraint;
