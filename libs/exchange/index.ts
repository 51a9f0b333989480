/**
 * exchange: under which terms data change hands.
 *
 * Vocabulary: policy (permissions, prohibitions, obligations in a closed subset of ODRL), request (one action at one time, with
 * the facts known of it), decision (PERMIT or DENY with reasons), duty (pay, delete by a deadline, attribute), conflict (a
 * permission and a prohibition of one request), label (who enforces a term: TECHNICAL the platform, CONTRACTUAL the parties);
 * consumer and provider (the two parties), negotiation (messages that end in an agreement or in none), agreement (terms both have
 * signed up to, never changed), transfer (reading data under an agreement, from request to completion).
 *
 * Money: price model (free, flat, per reading, subscription, share of revenue), usage, fee, payment (= fee + sellers' parts, to
 * the minor unit), refund; contributor (whose data raise a utility), group (contributors whose uploads open as one sum),
 * similarity class (sellers of the same data).
 *
 * Anything outside the vocabulary is DENY for `evaluate` and a refusal for `parsePolicy`.
 *
 * References: ODRL Information Model 2.2 and ODRL Vocabulary & Expression 2.2 (W3C 2018); ISO 8601 and XML Schema 1.1 part 2
 * (durations and their order); ISO 4217 (currencies); Shapley 1953; Ghorbani & Zou 2019 (data Shapley); Kleene, Introduction to
 * Metamathematics § 64 (three values); Eclipse Dataspace Protocol 2025-1; DCAT-AP 3.0 (SEMIC 2024) over DCAT 3 (W3C 2024).
 */
export type {
  AtomicConstraint,
  Attribution,
  Compensation,
  Constraint,
  Deletion,
  Duty,
  LogicalConstraint,
  Permission,
  Policy,
  Rule,
} from './policy.ts';
export type { Action, ConflictStrategy, Operand, Operator, PolicyType } from './vocabulary.ts';
export { parsePolicy } from './parse-policy.ts';
export { policyHash, toOdrl } from './to-odrl.ts';
export { type DcatDataSet, type DcatVersion, dcatCatalogue, dcatDataSet } from './dcat.ts';
export { isPriceInPolicy, requirePaidBy, takePrice, withPrice } from './priced-policy.ts';
export type { FulfilledDuty, PolicyRequest } from './policy-request.ts';
export { type Decision, evaluate, evaluateOdrl, type Reason } from './evaluate.ts';
export { assertSatisfiable } from './satisfiable.ts';
export { type Enforcement, type PolicyLabel, labelsOf } from './labels.ts';
export { policyTruthTable } from './truth-table.ts';
export { currencyDigits } from './currency.ts';
export {
  type FeeRule,
  type Payment,
  type Period,
  type PriceModel,
  type Usage,
  MAX_READINGS,
  dividePayment,
  divideRefund,
  parsePriceModel,
  priceOf,
  refundOnRevocation,
  subscriptionPeriod,
} from './price-model.ts';
export {
  type ContributorGroup,
  type GroupValuation,
  type Sampling,
  type Utility,
  type Valuation,
  rewardShares,
  valueContributors,
  valueGroups,
} from './valuation.ts';
export { type ClassValuation, type SellerData, similarityClasses, valueByClass } from './similarity.ts';
export {
  type AgreementEnding,
  type AgreementFacts,
  type AgreementStanding,
  AGREEMENT_ENDINGS,
  AGREEMENT_STANDINGS,
  standingAt,
} from './agreement.ts';
export { fulfilledDuties, rulesHash } from './agreement-terms.ts';
export {
  type NegotiationMessage,
  type NegotiationState,
  NEGOTIATION_MESSAGES,
  NEGOTIATION_STATES,
  isNegotiationOver,
  negotiationAfter,
  nextNegotiationStates,
} from './negotiation.ts';
export { type Party } from './protocol-states.ts';
export {
  type TransferMessage,
  type TransferState,
  TRANSFER_MESSAGES,
  TRANSFER_STATES,
  isTransferOver,
  transferAfter,
} from './transfer.ts';
