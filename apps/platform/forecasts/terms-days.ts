import { type Interval, interval } from '#core';

export const daysOf = ({ startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date }): Interval =>
  interval(startsAt.getTime(), endsAt.getTime());

export const toDates = ({ startMs, endMs }: Interval): { startsAt: Date; endsAt: Date } => ({
  startsAt: new Date(startMs),
  endsAt: new Date(endMs),
});
