import { DomainError } from '#core';
import { integerAt } from './espi-resources.ts';
import { textAt, type XmlElement } from './xml-elements.ts';

/** How a meter's clock on the wall runs. */
export interface LocalTime {
  readonly utcOffsetSeconds: number;
  readonly dstOffsetSeconds: number;
  /** Null where the clock is never put forward. */
  readonly dst: { readonly start: DstRule; readonly end: DstRule } | null;
}

/** An instant of each year on the clock that runs before it, by the bits of DstRuleType. */
export interface DstRule {
  readonly month: number;
  readonly operator: number;
  readonly dayOfMonth: number;
  /** 1 Monday to 7 Sunday. */
  readonly dayOfWeek: number;
  readonly hour: number;
  readonly seconds: number;
}

const bits = (rule: number, from: number, count: number): number => Math.floor(rule / 2 ** from) % 2 ** count;

/** @throws ESPI_NUMBER, ESPI_DST_RULE */
export function localTimeOf(parameters: XmlElement | undefined): LocalTime | null {
  if (parameters === undefined) return null;
  const utcOffsetSeconds = integerAt(parameters, 'tzOffset');
  if (utcOffsetSeconds === undefined) return null;
  const start = ruleOf(textAt(parameters, 'dstStartRule'));
  const end = ruleOf(textAt(parameters, 'dstEndRule'));
  return {
    utcOffsetSeconds,
    dstOffsetSeconds: integerAt(parameters, 'dstOffset') ?? 0,
    dst: start === null || end === null ? null : { start, end },
  };
}

/** Null where there is none: eight hexadecimal digits, all set or all zero where the clock is left alone. */
function ruleOf(text: string | undefined): DstRule | null {
  if (text === undefined || /^(?:0{8}|F{8})$/i.test(text)) return null;
  if (!/^[0-9A-F]{8}$/i.test(text)) {
    throw new DomainError(
      'ESPI_DST_RULE',
      `expected a rule of eight hexadecimal digits, got ${text.length} characters`,
    );
  }
  const rule = Number.parseInt(text, 16);
  return {
    month: bits(rule, 28, 4),
    operator: bits(rule, 25, 3),
    dayOfMonth: bits(rule, 20, 5),
    dayOfWeek: bits(rule, 17, 3),
    hour: bits(rule, 12, 5),
    seconds: bits(rule, 0, 12),
  };
}

/** The clock's two changes in a year, in UTC. */
export function dstChanges({ utcOffsetSeconds, dstOffsetSeconds, dst }: LocalTime, year: number) {
  if (dst === null) return null;
  return {
    startMs: wallClockMs(dst.start, year) - utcOffsetSeconds * 1_000,
    endMs: wallClockMs(dst.end, year) - (utcOffsetSeconds + dstOffsetSeconds) * 1_000,
  };
}

const LAST_WEEK = 7;

function wallClockMs(rule: DstRule, year: number): number {
  return Date.UTC(year, rule.month - 1, dayOf(rule, year), rule.hour, 0, rule.seconds);
}

/** By the operator: a day of the month, the weekday on or after it, the first to fifth weekday of the month, the last. */
function dayOf({ month, operator, dayOfMonth, dayOfWeek }: DstRule, year: number): number {
  if (operator === 0 || dayOfWeek === 0) return dayOfMonth;
  const onOrAfter = (day: number): number => {
    const weekday = ((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7) + 1;
    return day + ((dayOfWeek - weekday + 7) % 7);
  };
  if (operator === 1) return onOrAfter(dayOfMonth);
  if (operator === LAST_WEEK) {
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    return onOrAfter(last - 6);
  }
  return onOrAfter(1) + (operator - 2) * 7;
}
