import { signJson } from '#core';
import {
  type DefaultDeclaration,
  DEFAULTS_CONTEXT,
  DEFAULTS_REVOKED_CONTEXT,
  DEFAULTS_WITHDRAWN_CONTEXT,
  defaultsStatement,
  revocationStatement,
  withdrawalStatement,
} from '#market';
import { DATE, type MarketDay, ZONE } from './market-day.ts';
import type { TestParticipant } from './participant.ts';
import type { GraphqlAnswer, Sender } from './platform.ts';

const DECLARE = `mutation ($input: DeclareDefaultOrdersInput!) {
  declareDefaultOrders(input: $input) { participantId declarationId declaredAt revokedAt orders { from until side quantityWh pricePerMwh } }
}`;
const REVOKE = `mutation ($input: RevokeDefaultOrdersInput!) {
  revokeDefaultOrders(input: $input) { declarationId revokedAt }
}`;
const WITHDRAW = `mutation ($input: WithdrawDefaultOrdersInput!) {
  withdrawDefaultOrders(input: $input) { state }
}`;
const STANDING = `query ($id: ID!) {
  sessionDefaults(sessionId: $id) {
    participantId declarationId state reason hash orders { id startsAt side quantityWh pricePerMwh tradedWh }
  }
}`;
const MARKED = `query ($id: ID!) {
  marketTrades(sessionId: $id, first: 100) { edges { node { quantityWh boughtByDefault soldByDefault } } }
}`;

export interface DefaultsFacts {
  readonly participantId: string;
  readonly declarationId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly hash: string | null;
  readonly orders: readonly {
    readonly id: string;
    readonly startsAt: string;
    readonly quantityWh: number;
    readonly tradedWh: number | null;
  }[];
}

export interface MarkedTrade {
  readonly quantityWh: number;
  readonly boughtByDefault: boolean | null;
  readonly soldByDefault: boolean | null;
}

/** A declaration for energy in hours of the delivery day, of one order unless told otherwise. */
export const declaration = (
  change: Partial<DefaultDeclaration> = {},
): Omit<DefaultDeclaration, 'participant'> => ({
  declaration: 'spring',
  product: 'energy',
  resolutionMinutes: 60,
  zone: ZONE,
  currency: 'EUR',
  firstDay: DATE,
  lastDay: DATE,
  orders: [{ from: '00:00', until: '01:00', side: 'sell', quantityWh: 1_500, pricePerMwh: 10_200 }],
  ...change,
});

/** Default orders through the API. */
export class MarketDefaults {
  constructor(private readonly market: MarketDay) {}

  async declare(
    from: TestParticipant,
    of: Omit<DefaultDeclaration, 'participant'>,
    { signer = from, signed = of }: { readonly signer?: TestParticipant; readonly signed?: typeof of } = {},
  ): Promise<GraphqlAnswer> {
    const statement = defaultsStatement({ ...signed, participant: signer.id });
    const signature = await signJson(signer.signingKey.privateKey, DEFAULTS_CONTEXT, statement);
    return this.market.platform.graphql(DECLARE, { input: { ...of, signature } }, from);
  }

  async revoke(from: TestParticipant, name: string, signer: TestParticipant = from): Promise<GraphqlAnswer> {
    const statement = revocationStatement(from.id, name);
    const signature = await signJson(signer.signingKey.privateKey, DEFAULTS_REVOKED_CONTEXT, statement);
    return this.market.platform.graphql(REVOKE, { input: { declaration: name, signature } }, from);
  }

  async withdraw(
    from: TestParticipant,
    sessionId: string,
    signer: TestParticipant = from,
  ): Promise<GraphqlAnswer> {
    const statement = withdrawalStatement(from.id, sessionId);
    const signature = await signJson(signer.signingKey.privateKey, DEFAULTS_WITHDRAWN_CONTEXT, statement);
    return this.market.platform.graphql(WITHDRAW, { input: { sessionId, signature } }, from);
  }

  async of(sessionId: string, sender: Sender): Promise<readonly DefaultsFacts[]> {
    const answer = await this.market.platform.data<{ sessionDefaults: DefaultsFacts[] }>(STANDING, { id: sessionId }, sender); // prettier-ignore
    return answer.sessionDefaults;
  }

  /** Asks until a session is cleared; one without trades is settled at once. The test's own timeout bounds it. */
  async cleared(id: string): Promise<void> {
    const { marketSession } = await this.market.platform.data<{ marketSession: { state: string } }>(
      'query ($id: ID!) { marketSession(id: $id) { state } }',
      { id },
      this.market.platform.operatorKey,
    );
    if (!['CLEARED', 'SETTLED'].includes(marketSession.state)) await this.cleared(id);
  }

  async trades(sessionId: string, sender: Sender): Promise<MarkedTrade[]> {
    const { marketTrades } = await this.market.platform.data<{
      marketTrades: { edges: { node: MarkedTrade }[] };
    }>(MARKED, { id: sessionId }, sender);
    return marketTrades.edges.map(({ node }) => node);
  }
}
