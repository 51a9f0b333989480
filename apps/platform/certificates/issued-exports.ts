import { And, type EntityManager, type FindOperator, LessThan, MoreThan } from 'typeorm';
import { HOUR_MS, type Interval, interval } from '#core';
import type { Given } from '../carbon/accounting.ts';

/**
 * What of participants' exports left as certificates that they had issued themselves: its attributes cannot leave with a
 * trade any more. Certificates of trades are not in it, their Wh are in the carbon accounts.
 */
export async function ownIssuedDuring(
  manager: EntityManager,
  { startMs, endMs }: Interval,
): Promise<Given[]> {
  const rows = await manager.query<{ participantId: string; startsAt: Date; endsAt: Date; wh: string }[]>(
    OWN_ISSUED,
    [new Date(startMs - HOUR_MS), new Date(endMs)],
  );
  return rows.map(({ participantId, startsAt, endsAt, wh }) => ({
    participantId,
    slot: interval(startsAt.getTime(), endsAt.getTime()),
    givenWh: Number(wh),
  }));
}

/** Starts of what may overlap a slot: nothing that is certified is longer than an hour. */
export const mayOverlap = ({ startMs, endMs }: Interval): FindOperator<Date> =>
  And(MoreThan(new Date(startMs - HOUR_MS)), LessThan(new Date(endMs)));

const OWN_ISSUED = `
  SELECT issue.participant_id AS "participantId", issue.starts_at AS "startsAt", issue.ends_at AS "endsAt",
    issue.quantity_wh - coalesce((
      SELECT sum(certificate.last_number - certificate.first_number + 1) FROM certificate
      WHERE certificate.issue_id = issue.id AND certificate.standing AND certificate.state = 'withdrawn'), 0) AS wh
  FROM certificate_issue issue
  WHERE issue.kind = 'production' AND issue.traded_to IS NULL AND issue.starts_at > $1 AND issue.starts_at < $2`;
