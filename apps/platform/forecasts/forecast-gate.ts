import {
  DAY_MS,
  DomainError,
  instantsOfLocal,
  type Interval,
  interval,
  isoInstant,
  localDate,
  localDay,
  overlaps,
} from '#core';

/*
 * Gate closure: the moment from which no new forecast of an interval counts for whoever asks by that gate. What counted
 * then is the interval's frozen version. Rules are data; those whose gate has closed for an interval never change for it.
 */

/** What becomes of a version that arrives after the gate: kept and marked late, or refused with its whole batch. */
export const AFTER_GATE = ['KEEP', 'REFUSE'] as const;
export type AfterGate = (typeof AFTER_GATE)[number];

/** The gate of the intervals of a local day closes `daysBefore` days earlier, when local clocks show `closesAt`. */
export interface GateRule {
  /** Rules of one name succeed each other, e.g. `day-ahead`. */
  readonly name: string;
  /** IANA zone or fixed offset. */
  readonly zone: string;
  readonly daysBefore: number;
  /** HH:mm */
  readonly closesAt: string;
  readonly afterGate: AfterGate;
  /** Intervals it governs, unless a later rule of its name does; no end: until then. */
  readonly validFromMs: number;
  readonly validToMs: number | null;
}

export const GATE_NAME = /^[a-z][a-z0-9-]{0,31}$/;
export const MAX_DAYS_BEFORE = 14;

/** @throws FORECAST_GATE_RULE, INTERVAL_EMPTY for a validity that ends before it begins. */
export function requireGateRule({ name, daysBefore, closesAt, validFromMs, validToMs }: GateRule): void {
  const broken =
    (!GATE_NAME.test(name) && 'a name of 1–32 lower-case letters, digits and hyphens') ||
    (!(Number.isInteger(daysBefore) && daysBefore >= 1 && daysBefore <= MAX_DAYS_BEFORE) &&
      `1 to ${MAX_DAYS_BEFORE} days before delivery`) ||
    (!/^([01]\d|2[0-3]):[0-5]\d$/.test(closesAt) && 'a local time HH:mm');
  if (broken !== false) throw new DomainError('FORECAST_GATE_RULE', `expected ${broken}, got another`);
  if (validToMs !== null) interval(validFromMs, validToMs);
}

const shiftDate = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

/** When local clocks show the rule's time on a date: the first time in autumn, as long after midnight where spring skips it. */
function closureOn({ zone, closesAt }: GateRule, date: string): number {
  const [first] = instantsOfLocal(zone, `${date}T${closesAt}`);
  if (first !== undefined) return first;
  const [hours, minutes] = closesAt.split(':').map(Number);
  return localDay(zone, date).startMs + (hours! * 60 + minutes!) * 60_000;
}

/** When the gate of an interval closes: what arrives then or later is late. */
export const closureMs = (rule: GateRule, intervalStartMs: number): number =>
  closureOn(rule, shiftDate(localDate(rule.zone, intervalStartMs), -rule.daysBefore));

/** First instant of the first local day whose gate is open: closures never decrease from one interval to the next. */
function firstOpenMs(rule: GateRule, nowMs: number): number {
  const today = localDate(rule.zone, nowMs);
  const days = rule.daysBefore + (nowMs < closureOn(rule, today) ? 0 : 1);
  return localDay(rule.zone, shiftDate(today, days)).startMs;
}

const EVER_MS = Date.UTC(9000, 0, 1);

interface Governed {
  readonly rule: GateRule;
  readonly span: Interval;
}

/** Which rule of a name governs which intervals: each until its end or its successor's begin. */
function governed(rules: readonly GateRule[], name: string): Governed[] {
  const own = rules.filter((rule) => rule.name === name).toSorted((a, b) => a.validFromMs - b.validFromMs);
  return own.map((rule, i) => {
    const endMs = Math.min(rule.validToMs ?? EVER_MS, own[i + 1]?.validFromMs ?? EVER_MS);
    return { rule, span: interval(rule.validFromMs, endMs) };
  });
}

/** The rule of a name that governs the interval; undefined where none does. */
export const ruleAt = (
  rules: readonly GateRule[],
  name: string,
  intervalStartMs: number,
): GateRule | undefined =>
  governed(rules, name).find(({ span }) => intervalStartMs >= span.startMs && intervalStartMs < span.endMs)
    ?.rule;

/** Where the gate of a name has closed: intervals that begin within one of these spans. */
export function closedSpans(rules: readonly GateRule[], name: string, nowMs: number): Interval[] {
  return governed(rules, name).flatMap(({ rule, span }) => {
    const endMs = Math.min(span.endMs, firstOpenMs(rule, nowMs));
    return span.startMs < endMs ? [interval(span.startMs, endMs)] : [];
  });
}

const namesOf = (rules: readonly GateRule[]): string[] =>
  [...new Set(rules.map(({ name }) => name))].toSorted();

/**
 * Names of the gates for which a version of an interval that arrives now is late.
 * @throws FORECAST_GATE_CLOSED where the rule of one of them refuses late versions.
 */
export function lateFor(rules: readonly GateRule[], intervalStartMs: number, nowMs: number): string[] {
  const missed = namesOf(rules).flatMap((name) => {
    const rule = ruleAt(rules, name, intervalStartMs);
    return rule !== undefined && closureMs(rule, intervalStartMs) <= nowMs ? [rule] : [];
  });
  const refusing = missed.find(({ afterGate }) => afterGate === 'REFUSE');
  if (refusing === undefined) return missed.map(({ name }) => name);
  const gate = refusing.name;
  const intervalStart = isoInstant(intervalStartMs);
  throw new DomainError(
    'FORECAST_GATE_CLOSED',
    `expected a new version before gate ${gate} closed at ${isoInstant(closureMs(refusing, intervalStartMs))}, got one of ${intervalStart} after it`,
    'conflict',
    { gate, intervalStart },
  );
}

/**
 * Refuses a rule that would move a gate that has closed, by itself or by what it replaces.
 * @throws FORECAST_GATE_EXISTS for a second rule of one name and begin, FORECAST_GATE_PASSED
 */
export function requireAhead(rule: GateRule, rules: readonly GateRule[], nowMs: number): void {
  const { name, validFromMs } = rule;
  if (rules.some((known) => known.name === name && known.validFromMs === validFromMs)) {
    throw new DomainError('FORECAST_GATE_EXISTS', `expected one rule ${name} a begin, got two`, 'conflict');
  }
  const [taken] = governed([...rules, rule], name).filter((each) => each.rule === rule);
  const after = { ...taken!.span, endMs: EVER_MS };
  const closed = [...closedSpans(rules, name, nowMs), ...closedSpans([rule], name, nowMs)];
  if (closed.some((span) => overlaps(span, after))) {
    throw new DomainError(
      'FORECAST_GATE_PASSED',
      `expected a rule for intervals whose gate is open, got one from ${isoInstant(validFromMs)} on`,
      'conflict',
    );
  }
}
