import type {
  BilateralEquilibrium,
  Convergence,
  DemandBiddingEquilibrium,
  MultiLeaderEquilibrium,
  StackelbergEquilibrium,
} from '#games';
import { type GameKind, type GameResult, gameStudy } from '#studies';
import { type FileVerb, studyVerb } from '../file-verb.ts';

export const gameVerb = (kind: GameKind): FileVerb<unknown> => studyVerb(gameStudy(kind), render);

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
