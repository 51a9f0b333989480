import { checkTrades, type DemoFeeder } from './feeder.ts';
import { conservationFaults, type MemberGain, memberGains } from './gains.ts';
import type { DemoMember } from './member-rows.ts';
import type { DemoOutcome } from './outcome.ts';
import { tradesOfMembers } from './own-trades.ts';
import { feederSlots } from './place-members.ts';
import type { PlatformApi } from './platform-api.ts';
import { type SharedSurplus, sharesOf } from './shares.ts';
import type { Member, SessionResult } from './steps.ts';

interface Judged extends Pick<DemoOutcome, 'members' | 'sharing' | 'feeder'> {
  readonly conservationFaults: readonly string[];
  readonly sharingFaults: readonly string[];
}

/** What every member gained and would be given, and what the feeder says of their trades. */
export async function judgeMembers({
  api,
  members,
  session,
  feeder,
}: {
  readonly api: PlatformApi;
  readonly members: readonly Member[];
  readonly session: SessionResult & { readonly id: string };
  readonly feeder: DemoFeeder | null;
}): Promise<Judged> {
  const gains = await memberGains(members, session.id);
  const { byMethod, faults } = await sharesOf(api, members, session.id);
  return {
    members: gains.map((gain) => memberOf(gain, byMethod)),
    sharing: { shapley: totalsOf(byMethod.SHAPLEY), nash: totalsOf(byMethod.NASH) },
    feeder: feeder && (await reportOf(feeder, api, members, session.id)),
    conservationFaults: conservationFaults(gains, session),
    sharingFaults: faults,
  };
}

function memberOf(
  { participantId, postings: _postings, ...gain }: MemberGain,
  { SHAPLEY, NASH }: Readonly<Record<'SHAPLEY' | 'NASH', SharedSurplus>>,
): DemoMember {
  const shapley = SHAPLEY.shares.get(participantId);
  return {
    ...gain,
    shapleyMinor: shapley?.shareMinor ?? null,
    shapleyErrorMinor: shapley?.standardErrorMinor ?? 0,
    nashMinor: NASH.shares.get(participantId)?.shareMinor ?? null,
  };
}

const totalsOf = ({ surplusMinor, aggregatorMinor, refusal }: SharedSurplus) => ({
  surplusMinor,
  aggregatorMinor,
  refusal,
});

async function reportOf(feeder: DemoFeeder, api: PlatformApi, members: readonly Member[], id: string) {
  const trades = await tradesOfMembers(members, id);
  const names = members.map(({ name }) => name);
  return checkTrades(feeder, names, trades, await feederSlots(api, id));
}
