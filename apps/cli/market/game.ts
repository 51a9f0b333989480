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
import type { FileVerb } from './file-verb.ts';

export type GameKind = 'stackelberg' | 'bilateral' | 'multi-leader' | 'demand-bidding';

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
type GameResult = Solved &
  Pick<Convergence, 'residual' | 'iterations' | 'converged'> & { readonly kind: GameKind };

function verbOf<Input>(
  kind: GameKind,
  schema: z.ZodType<Input>,
  solve: (input: Input) => Solved,
): FileVerb<Input> {
  return {
    schema,
    run: (input, output) => {
      const solved = solve(input);
      const { residual, iterations, converged } = solved.convergence;
      const result: GameResult = { kind, ...solved, residual, iterations, converged };
      output.result(result, render(result));
    },
  };
}

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

export function gameVerb(kind: GameKind): FileVerb<unknown> {
  switch (kind) {
    case 'stackelberg':
      return verbOf(kind, stackelbergInput, solveStackelberg);
    case 'bilateral':
      return verbOf(kind, bilateralInput, bilateralNash);
    case 'multi-leader':
      return verbOf(kind, multiLeaderInput, multiLeader);
    case 'demand-bidding':
      return verbOf(kind, demandBiddingInput, demandBidding);
  }
}

function render(result: GameResult): string {
  return [
    `${result.kind}, ${result.convergence.method}: residual ${result.residual.toExponential(1)}`,
    ...('price' in result ? [`price ${result.price}`] : []),
    ...('followers' in result ? followersOf(result) : []),
    ...('trades' in result ? tradesOf(result) : []),
    ...('members' in result ? membersOf(result) : []),
    ...('simultaneous' in result ? responsesOf(result) : []),
  ].join('\n');
}

function followersOf(result: StackelbergEquilibrium | MultiLeaderEquilibrium): string[] {
  const leaders = 'leaders' in result ? result.leaders : [];
  return [
    ...leaders.map(({ id, quantity, profit }) => `  ${id} sells ${quantity} and earns ${profit}`),
    ...('leaderProfit' in result ? [`  the leader earns ${result.leaderProfit}`] : []),
    ...result.followers.map(
      ({ id, consumption, utility }) => `  ${id} takes ${consumption} and gains ${utility}`,
    ),
    `welfare ${result.welfare} of ${result.optimalWelfare}`,
  ];
}

const tradesOf = ({ trades }: BilateralEquilibrium): string[] =>
  trades.map(({ seller, buyer, quantity, price }) => `  ${seller} → ${buyer}: ${quantity} at ${price}`);

const membersOf = ({
  members,
  cost,
  optimalCost,
}: BilateralEquilibrium | DemandBiddingEquilibrium): string[] => [
  ...members.map(
    ({ id, reduction, cost: paid, costAlone }) =>
      `  ${id} reduces ${reduction} and pays ${paid}, alone ${costAlone ?? 'impossible'}`,
  ),
  `together ${cost}, at the least ${optimalCost}`,
];

const responsesOf = ({ sequential, simultaneous }: DemandBiddingEquilibrium): string[] => [
  `best response in turn ${told(sequential)}, all at once ${told(simultaneous)}`,
];

const told = ({ converged, iterations }: Convergence): string =>
  `${converged ? 'converges' : 'does not converge'} (${iterations} rounds)`;
