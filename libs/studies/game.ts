import {
  bilateralNash,
  type BilateralEquilibrium,
  type Convergence,
  demandBidding,
  type DemandBiddingEquilibrium,
  multiLeader,
  type MultiLeaderEquilibrium,
  stackelberg,
  type StackelbergEquilibrium,
} from '#games';
import { z } from 'zod';
import { decimal, identifier } from './decimal-schema.ts';
import { noOptions, type Study } from './study.ts';

export const GAME_KINDS = ['stackelberg', 'bilateral', 'multi-leader', 'demand-bidding'] as const;

export type GameKind = (typeof GAME_KINDS)[number];

const number = decimal.transform(Number);

const logFollower = z.strictObject({ id: identifier, k: number }).describe('utility k·ln(1 + x)');
const quadraticFollower = z
  .strictObject({ id: identifier, a: number, b: number })
  .describe('utility a·x − b·x²/2');

const stackelbergInput = z.strictObject({
  k: z.array(number).max(10_000).optional().describe('followers with utility k·ln(1 + x), in short'),
  followers: z
    .array(z.union([logFollower, quadraticFollower]))
    .max(10_000)
    .optional(),
  c: number.describe('what a unit costs the leader; above 0 with followers k'),
  priceFloor: number.optional(),
  priceCap: number.optional(),
});

const sharingMember = z
  .strictObject({ id: identifier, c: number, d: number, D: number.describe('required') })
  .describe('disutility c·p² + d·p of reducing or producing p');

const bilateralInput = z.strictObject({
  members: z.array(sharingMember).max(1_000),
  pairs: z
    .array(
      z.strictObject({
        between: z.tuple([identifier, identifier]),
        limit: number.optional(),
        power: number.optional().describe('bargaining power of the first, 0 to 1, default 0.5'),
      }),
    )
    .max(5_000)
    .optional()
    .describe('who may trade with whom; absent: everybody with everybody'),
});

const multiLeaderInput = z.strictObject({
  leaders: z
    .array(z.strictObject({ id: identifier, c: number, e: number.optional(), capacity: number.optional() }))
    .max(200)
    .describe('cost c·q + e·q²/2'),
  followers: z.array(quadraticFollower).max(1_000),
});

const demandBiddingInput = z.strictObject({
  members: z
    .array(sharingMember.extend({ least: number.optional(), most: number.optional() }))
    .max(1_000)
    .describe('least and most limit a member’s own reduction'),
  a: number.describe('price sensitivity in q = −a·price + b'),
});

type Solved =
  StackelbergEquilibrium | BilateralEquilibrium | MultiLeaderEquilibrium | DemandBiddingEquilibrium;

/** An equilibrium as the solver tells it, with its residual and iterations at the top. */
export type GameResult = Solved &
  Pick<Convergence, 'residual' | 'iterations' | 'converged'> & { readonly kind: GameKind };

type StackelbergInput = z.infer<typeof stackelbergInput>;

const solveStackelberg = ({
  k = [],
  followers = [],
  c,
  ...bounds
}: StackelbergInput): StackelbergEquilibrium => {
  const short = k.map((value, i) => ({ id: `follower-${i + 1}`, k: value }));
  return stackelberg({ followers: [...short, ...followers], cost: c, ...bounds });
};

const game = <Input>(
  kind: GameKind,
  title: string,
  input: z.ZodType<Input>,
  solve: (input: Input) => Solved,
): Study<Input, object, GameResult> => ({
  verb: 'game',
  method: kind,
  title,
  input,
  options: noOptions,
  run: (given) => {
    const solved = solve(given);
    const { residual, iterations, converged } = solved.convergence;
    return { kind, ...solved, residual, iterations, converged };
  },
});

const GAMES = {
  stackelberg: game(
    'stackelberg',
    'a leader’s price and what followers take',
    stackelbergInput,
    solveStackelberg,
  ),
  bilateral: game('bilateral', 'trades of pairs by bilateral Nash bargaining', bilateralInput, bilateralNash),
  'multi-leader': game('multi-leader', 'Cournot leaders before followers', multiLeaderInput, multiLeader),
  'demand-bidding': game(
    'demand-bidding',
    'sharing by generalised demand bids',
    demandBiddingInput,
    demandBidding,
  ),
} satisfies Record<GameKind, unknown>;

/** `market game` of each kind. */
export const gameStudy = (kind: GameKind): Study<unknown, object, GameResult> => GAMES[kind];
