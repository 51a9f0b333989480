import { DomainError } from '#core';
import { type PriceRule, priceSlot, requirePriceRule, requireSlot } from '#community';
import { type HorizonMember, type OutsideTerms, requireHorizon } from './community-horizon.ts';
import { type Convergence, requireNumber, requirePlayers, total } from './convergence.ts';

/** A platform that lets its members share by a rule and keeps part of what each saves. */
export interface Platform {
  readonly id: string;
  readonly rule: PriceRule;
  /** Share of a member's saving, 0 to 1. */
  readonly commission: number;
}

export interface CompetingMember extends HorizonMember {
  /** Where it is at first; absent: on none. */
  readonly platform?: string | undefined;
  /** What a change of platform has to gain it at least, in money. */
  readonly stickiness?: number | undefined;
}

export interface CompetitionOutcome {
  readonly members: readonly {
    readonly id: string;
    /** Null: on none. */
    readonly platform: string | null;
    /** Its saving after commission. */
    readonly utility: number;
  }[];
  readonly platforms: readonly {
    readonly id: string;
    readonly members: number;
    readonly revenue: number;
    readonly shared: number;
  }[];
  /** Utilities and revenues together. */
  readonly welfare: number;
  readonly switches: number;
  /** Converged: nobody gains its stickiness by moving; else choices went round in a circle. */
  readonly convergence: Convergence;
}

const MAX_ROUNDS = 200;

/**
 * Competing platforms: members, in the order of ids, move to the platform on which they save most, if that is more than
 * where they are by their stickiness (platform competition and stickiness: Wu et al. 2022, III-B, refs 68–70). What
 * a member saves depends on who else is there. Such choices need not settle: a state that comes again ends the search
 * and is reported as not converged. @throws PLATFORM, GAME_PLAYERS, GAME_PARAMETER, DESIGN_SIZE, and the codes of priceSlot
 */
export function competePlatforms(
  platforms: readonly Platform[],
  members: readonly CompetingMember[],
  terms: OutsideTerms,
): CompetitionOutcome {
  requireCompetition(platforms, members, terms);
  const ordered = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const choice = new Map(ordered.map(({ id, platform }) => [id, platform ?? null]));
  const world = { platforms, members: ordered, terms };
  const seen = new Set<string>();
  let [switches, iterations, converged] = [0, 0, false];
  while (!converged && iterations < MAX_ROUNDS && !seen.has(stateOf(choice))) {
    seen.add(stateOf(choice));
    iterations += 1;
    const moved = ordered.filter((member) => moveIfBetter(world, member, choice)).length;
    switches += moved;
    converged = moved === 0;
  }
  return outcomeOf(world, choice, {
    switches,
    convergence: { method: 'best-response', converged, iterations, residual: bestMove(world, choice) },
  });
}

interface World {
  readonly platforms: readonly Platform[];
  readonly members: readonly CompetingMember[];
  readonly terms: OutsideTerms;
}

type Choice = Map<string, string | null>;

const stateOf = (choice: Choice): string => JSON.stringify([...choice.values()]);

function requireCompetition(
  platforms: readonly Platform[],
  members: readonly CompetingMember[],
  terms: OutsideTerms,
): void {
  const names = platforms.map(({ id }) => id);
  requirePlayers(names, 1, 20);
  requireHorizon(members, terms, 200);
  for (const { commission, rule } of platforms) {
    requirePriceRule(rule);
    if (!(commission >= 0 && commission <= 1))
      throw new DomainError('PLATFORM', `expected a commission of 0 to 1, got ${commission}`);
  }
  for (const { platform, stickiness = 0 } of members) {
    requireNumber('stickiness', stickiness, { least: 0 });
    if (platform !== undefined && !names.includes(platform))
      throw new DomainError('PLATFORM', 'expected members on platforms that exist, got another');
  }
}

/** Members of a platform and what each pays; a rule that names its keys' holders needs them all. */
function bills(
  { members, terms }: World,
  { rule }: Platform,
  there: ReadonlySet<string>,
): { saved: Map<string, number>; shared: number } {
  const joined = members.filter(({ id }) => there.has(id));
  const saved = new Map(joined.map(({ id }) => [id, 0]));
  let shared = 0;
  for (let t = 0; t < members[0]!.load.length; t++) {
    const slot = requireSlot(
      joined.map(({ id, load, generation }) => ({ id, load: load[t]!, generation: generation[t]! })),
      { retail: terms.retail, feedIn: terms.feedIn },
      { net: true },
    );
    const priced = priceSlot(rule, slot);
    shared += priced.shared.toNumber();
    for (const { id, alone, amount } of priced.bills)
      saved.set(id, saved.get(id)! + alone.minus(amount).toNumber());
  }
  return { saved, shared };
}

const afterCommission = (saved: number, { commission }: Platform): number =>
  saved - commission * Math.max(0, saved);

function utilityOn(world: World, choice: Choice, member: string, platform: Platform): number {
  const there = new Set([...choice].filter(([, at]) => at === platform.id).map(([id]) => id));
  return afterCommission(bills(world, platform, there.add(member)).saved.get(member)!, platform);
}

/** The best platform (none is worth nothing) and what it gains over the present one. Ties go to the earlier platform. */
function bestOf(
  world: World,
  choice: Choice,
  { id }: CompetingMember,
): { platform: string | null; gain: number } {
  const options = [
    { platform: null as string | null, utility: 0 },
    ...world.platforms.map((platform) => ({
      platform: platform.id as string | null,
      utility: utilityOn(world, choice, id, platform),
    })),
  ];
  const present = options.find(({ platform }) => platform === choice.get(id))!;
  const best = options.reduce((most, option) => (option.utility > most.utility ? option : most));
  return { platform: best.platform, gain: best.utility - present.utility };
}

const EPSILON = 1e-9;

function moveIfBetter(world: World, member: CompetingMember, choice: Choice): boolean {
  const { platform, gain } = bestOf(world, choice, member);
  if (gain <= (member.stickiness ?? 0) + EPSILON) return false;
  choice.set(member.id, platform);
  return true;
}

/** The most any member would gain by moving, beyond its stickiness. */
const bestMove = (world: World, choice: Choice): number =>
  Math.max(
    0,
    ...world.members.map((member) => bestOf(world, choice, member).gain - (member.stickiness ?? 0)),
  );

function outcomeOf(
  world: World,
  choice: Choice,
  found: Pick<CompetitionOutcome, 'switches' | 'convergence'>,
): CompetitionOutcome {
  const utilities = new Map(world.members.map(({ id }) => [id, 0]));
  const platforms = world.platforms.map((platform) => {
    const there = new Set([...choice].filter(([, at]) => at === platform.id).map(([id]) => id));
    const { saved, shared } = bills(world, platform, there);
    for (const [id, amount] of saved) utilities.set(id, afterCommission(amount, platform));
    const revenue = total([...saved.values()].map((amount) => amount - afterCommission(amount, platform)));
    return { id: platform.id, members: there.size, revenue, shared };
  });
  const members = world.members.map(({ id }) => ({
    id,
    platform: choice.get(id) ?? null,
    utility: utilities.get(id)!,
  }));
  const welfare = total([
    ...members.map(({ utility }) => utility),
    ...platforms.map(({ revenue }) => revenue),
  ]);
  return { members, platforms, welfare, ...found };
}
