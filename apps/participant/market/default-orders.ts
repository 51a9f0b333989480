import { canonicalJson, DomainError, parseInstant, signJson } from '#core';
import {
  DEFAULTS_CONTEXT,
  DEFAULTS_REVOKED_CONTEXT,
  DEFAULTS_WITHDRAWN_CONTEXT,
  defaultsStatement,
  requireDeclaration,
  revocationStatement,
  withdrawalStatement,
} from '#market';
import { PlatformClient } from '../node/platform-client.ts';
import type { SiteDirectory } from '../node/site-directory.ts';
import { DefaultsJournal, type SignedDeclaration } from './defaults-journal.ts';
import type { GraphqlClient, Signer } from './signer.ts';

export type DeclarationDraft = Omit<SignedDeclaration, 'signature'>;

interface Place {
  readonly client: GraphqlClient;
  readonly signer: Signer;
  readonly journal: DefaultsJournal;
}

/** @throws NOT_ENROLLED, KEY_FILE_EXPOSED */
export async function defaultsPlace(directory: SiteDirectory): Promise<Place> {
  const { platformUrl, participantId } = directory.enrolment();
  const signer = { participantId, privateKey: (await directory.identity()).signing.privateKey };
  return {
    client: new PlatformClient(platformUrl, signer),
    signer,
    journal: new DefaultsJournal(directory),
  };
}

/** A declaration in the platform's words. */
export interface DeclaredDefaults {
  readonly declarationId: string;
  readonly product: string;
  readonly resolutionMinutes: number;
  readonly zone: string;
  readonly currency: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly orders: readonly object[];
  readonly declaredAt: string;
  readonly revokedAt: string | null;
}

const FIELDS = `declarationId product resolutionMinutes zone currency firstDay lastDay
  orders { from until side quantityWh pricePerMwh } declaredAt revokedAt`;

/**
 * Signs a declaration, writes it down and submits it; the same one again is submitted as it was. What is written down is what
 * the node will later state deliveries for.
 * @throws the codes of requireDeclaration, DEFAULTS_CONFLICT, and the platform's refusals
 */
export async function declareDefaults(
  { client, signer, journal }: Place,
  draft: DeclarationDraft,
): Promise<DeclaredDefaults> {
  requireDeclaration(draft);
  const known = journal.find(draft.declaration);
  const statement = defaultsStatement({ ...draft, participant: signer.participantId });
  if (known) requireSame(known, signer, canonicalJson(statement));
  const declared = known ?? {
    ...draft,
    signature: await signJson(signer.privateKey, DEFAULTS_CONTEXT, statement),
  };
  if (!known) journal.declare(declared);
  const answer = await client.request<{ declareDefaultOrders: DeclaredDefaults }>(
    `mutation ($input: DeclareDefaultOrdersInput!) { declareDefaultOrders(input: $input) { ${FIELDS} } }`,
    { input: declared },
  );
  return answer.declareDefaultOrders;
}

function requireSame(known: SignedDeclaration, signer: Signer, said: string): void {
  if (canonicalJson(defaultsStatement({ ...known, participant: signer.participantId })) === said) return;
  throw new DomainError(
    'DEFAULTS_CONFLICT',
    `expected declaration ${known.declaration} as it was signed, got other terms`,
    'conflict',
    { declaration: known.declaration },
  );
}

/** No more orders of a declaration, from the gates that are still to close. @throws the platform's refusals */
export async function revokeDefaults(
  { client, signer, journal }: Place,
  declaration: string,
): Promise<DeclaredDefaults> {
  const statement = revocationStatement(signer.participantId, declaration);
  const signature = await signJson(signer.privateKey, DEFAULTS_REVOKED_CONTEXT, statement);
  const { revokeDefaultOrders: revoked } = await client.request<{ revokeDefaultOrders: DeclaredDefaults }>(
    `mutation ($input: RevokeDefaultOrdersInput!) { revokeDefaultOrders(input: $input) { ${FIELDS} } }`,
    { input: { declaration, signature } },
  );
  journal.revoke(declaration, parseInstant(revoked.revokedAt!));
  return revoked;
}

/** What stands for this site in a session, or was placed. */
export interface SessionDefaults {
  readonly participantId: string;
  readonly declarationId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly orders: readonly {
    readonly startsAt: string;
    readonly side: string;
    readonly quantityWh: number;
    readonly pricePerMwh: number;
    readonly tradedWh: number | null;
  }[];
}

const STANDING = `participantId declarationId state reason hash
  orders { id startsAt side quantityWh pricePerMwh tradedWh }`;

/** Keeps this site's default orders out of a session. @throws the platform's refusals */
export async function withdrawDefaults(
  { client, signer, journal }: Place,
  session: string,
): Promise<SessionDefaults | null> {
  const statement = withdrawalStatement(signer.participantId, session);
  const signature = await signJson(signer.privateKey, DEFAULTS_WITHDRAWN_CONTEXT, statement);
  const answer = await client.request<{ withdrawDefaultOrders: SessionDefaults[] }>(
    `mutation ($input: WithdrawDefaultOrdersInput!) { withdrawDefaultOrders(input: $input) { ${STANDING} } }`,
    { input: { sessionId: session, signature } },
  );
  journal.withdraw(session);
  return ownOf(signer, answer.withdrawDefaultOrders);
}

/** What stands for this site in a session; null where nothing does. @throws the platform's refusals */
export async function sessionDefaults(
  { client, signer }: Place,
  session: string,
): Promise<SessionDefaults | null> {
  const answer = await client.request<{ sessionDefaults: SessionDefaults[] }>(
    `query ($id: ID!) { sessionDefaults(sessionId: $id) { ${STANDING} } }`,
    { id: session },
  );
  return ownOf(signer, answer.sessionDefaults);
}

const ownOf = ({ participantId }: Signer, all: readonly SessionDefaults[]): SessionDefaults | null =>
  all.find((each) => each.participantId === participantId) ?? null;

interface DeclaredPage {
  readonly edges: readonly { readonly node: DeclaredDefaults & { readonly participantId: string } }[];
}

/** The newest hundred of the organisation's declarations that are this site's. */
export async function listDefaults({ client, signer }: Place): Promise<readonly DeclaredDefaults[]> {
  const { defaultDeclarations } = await client.request<{ defaultDeclarations: DeclaredPage }>(
    `query ($first: Int!) {
      defaultDeclarations(first: $first) { edges { node { participantId ${FIELDS} } } }
    }`,
    { first: 100 },
  );
  return defaultDeclarations.edges.flatMap(({ node }) => {
    const { participantId, ...declared } = node;
    return participantId === signer.participantId ? [declared] : [];
  });
}
