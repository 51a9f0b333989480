import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  ALLOWANCE_EMISSIONS_CONTEXT,
  ALLOWANCE_RETIREMENT_CONTEXT,
  allowanceEmissionsStatement,
  allowanceRetirementStatement,
  credit,
  debit,
  type EmissionsStatement,
  MAX_TONNES,
  requireTonnes,
  type RetirementStatement,
  type Vintage,
} from '#allowances';
import { type Clock, DomainError, requireSignature } from '#core';
import { Database } from '#persistence';
import { Organisation } from '../identity/identity.entities.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { isOrderId } from '../intraday/intraday-order.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { moveHoldings } from './allowance-book.ts';
import { type AccountView, accountView, newestEmissions } from './account-view.ts';
import { AllowanceEmissions, AllowanceIssue, AllowanceRetirement } from './allowances.entities.ts';
import { issueBooking, retirementBooking } from './bookings.ts';
import { holdVintage, type KnownVintage, requireVintage } from './vintage.ts';

export interface IssueDraft extends Vintage {
  readonly organisationId: string;
  readonly tonnes: number;
  readonly reference: string;
}

export type SignedEmissions = Omit<EmissionsStatement, 'participant'> & { readonly signature: string };
export type SignedRetirement = Omit<RetirementStatement, 'participant'> & { readonly signature: string };

/** Accounts of allowances: what is issued to them, what their holders state and give up. */
@Injectable()
export class AllowanceAccountsService {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Records an allocation of the authority; the same reference again changes nothing. It only ever adds.
   * @throws ROLE_MISSING, RULE_SET_MISSING, ORGANISATION_NOT_FOUND, ISSUE_REFERENCE, ISSUE_CONFLICT, TONNES_*
   */
  async issue(principal: Principal, draft: IssueDraft): Promise<AllowanceIssue> {
    requireRole(principal, 'operator');
    const vintage = requireVintage(draft);
    requireTonnes(draft.tonnes, 1);
    const reference = draft.reference.trim();
    if (reference.length === 0 || reference.length > 200) {
      throw new DomainError('ISSUE_REFERENCE', `expected 1–200 characters, got ${reference.length}`);
    }
    return this.database.asSystem(async (manager) => {
      await holdVintage(manager, vintage);
      const tenantId = await organisationOf(manager, draft.organisationId);
      const key = { tenantId, scheme: vintage.scheme, year: vintage.year, reference };
      const known = await manager.findOneBy(AllowanceIssue, key);
      if (known !== null) return sameIssue(known, draft.tonnes);
      const atMs = this.clock.nowMs();
      const issue = await manager.save(
        manager.create(AllowanceIssue, {
          ...key,
          id: randomUUID(),
          ruleSetId: vintage.rules.id,
          tonnes: draft.tonnes,
          issuedAt: new Date(atMs),
        }),
      );
      await moveHoldings(
        manager,
        { tenantId, vintage, nowMs: atMs },
        (account) => credit(account, issue.tonnes),
        {
          issuedTonnes: issue.tonnes,
        },
      );
      const booked = {
        id: issue.id,
        tenantId,
        issuerId: principal.organisationId,
        tonnes: issue.tonnes,
        atMs,
      };
      await this.ledger.append(manager, [issueBooking(booked, vintage)]);
      return issue;
    });
  }

  /**
   * Keeps what a participant says of its organisation's year; the newest of a kind counts, the same again changes nothing.
   * @throws PARTICIPANT_REQUIRED, RULE_SET_MISSING, EMISSIONS_STATEMENT, SIGNATURE_INVALID
   */
  async stateEmissions(
    principal: Principal,
    { signature, ...stated }: SignedEmissions,
  ): Promise<AccountView> {
    const vintage = requireVintage(stated);
    requireEmissions(stated);
    const nowMs = this.clock.nowMs();
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const statement = allowanceEmissionsStatement({ ...stated, participant: principal.id });
      await requireSignature(
        await signingKeyOf(manager, principal),
        ALLOWANCE_EMISSIONS_CONTEXT,
        statement,
        signature,
      );
      const newest = await newestEmissions(manager, principal.organisationId, vintage, stated.kind);
      // Ed25519 is deterministic: the same signature means the same words.
      if (newest?.signature !== signature) {
        await manager.insert(AllowanceEmissions, {
          ...stated,
          tenantId: principal.organisationId,
          participantId: principal.id,
          signature,
          statedAt: new Date(nowMs),
        });
      }
      return accountView(manager, principal.organisationId, vintage, nowMs);
    });
  }

  /**
   * Gives allowances up, against verified emissions or for nothing; the same again changes nothing.
   * @throws PARTICIPANT_REQUIRED, RULE_SET_MISSING, RETIREMENT_ID, TONNES_*, SIGNATURE_INVALID, RETIREMENT_CONFLICT,
   *   VERIFIED_MISSING, SURRENDER_EXCESS, ALLOWANCES_SHORT
   */
  async retire(principal: Principal, { signature, ...retired }: SignedRetirement): Promise<AccountView> {
    const vintage = requireVintage(retired);
    requireTonnes(retired.tonnes, 1);
    if (!isOrderId(retired.retirement))
      throw new DomainError('RETIREMENT_ID', 'expected 1–64 letters, digits, _ or -, got another');
    const signingKey = await this.database.asTenant(principal.organisationId, (manager) =>
      signingKeyOf(manager, principal),
    );
    const statement = allowanceRetirementStatement({ ...retired, participant: principal.id });
    await requireSignature(signingKey, ALLOWANCE_RETIREMENT_CONTEXT, statement, signature);
    return this.database.asSystem(async (manager) => {
      await holdVintage(manager, vintage);
      const nowMs = this.clock.nowMs();
      if (!(await isRetired(manager, principal, retired.retirement, signature)))
        await this.#retire(manager, principal, { ...retired, signature }, { vintage, nowMs });
      return accountView(manager, principal.organisationId, vintage, nowMs);
    });
  }

  /** The own organisation's account with its gap and, where it stated one, its forecast. @throws RULE_SET_MISSING */
  account(principal: Principal, asked: Vintage): Promise<AccountView> {
    const vintage = requireVintage(asked);
    const nowMs = this.clock.nowMs();
    return this.database.asTenant(principal.organisationId, (manager) =>
      accountView(manager, principal.organisationId, vintage, nowMs),
    );
  }

  async #retire(
    manager: EntityManager,
    { organisationId: tenantId, id: participantId }: Principal,
    { retirement, purpose, tonnes, signature }: SignedRetirement,
    { vintage, nowMs }: { readonly vintage: KnownVintage; readonly nowMs: number },
  ): Promise<void> {
    if (purpose === 'SURRENDER') requireOwed(await accountView(manager, tenantId, vintage, nowMs), tonnes);
    await moveHoldings(
      manager,
      { tenantId, vintage, nowMs },
      (account) => debit(account, tonnes),
      purpose === 'SURRENDER' ? { surrenderedTonnes: tonnes } : { cancelledTonnes: tonnes },
    );
    await manager.insert(AllowanceRetirement, {
      tenantId,
      participantId,
      retirementId: retirement,
      scheme: vintage.scheme,
      year: vintage.year,
      purpose,
      tonnes,
      signature,
      retiredAt: new Date(nowMs),
    });
    const booked = { tenantId, reference: `${participantId}/${retirement}`, purpose, tonnes, atMs: nowMs };
    await this.ledger.append(manager, [retirementBooking(booked, vintage)]);
  }
}

/** @throws ORGANISATION_NOT_FOUND */
async function organisationOf(manager: EntityManager, id: string): Promise<string> {
  if (isUuid(id) && (await manager.existsBy(Organisation, { id }))) return id;
  throw new DomainError('ORGANISATION_NOT_FOUND', 'expected an organisation, got none', 'not-found');
}

/** @throws ISSUE_CONFLICT */
function sameIssue(known: AllowanceIssue, tonnes: number): AllowanceIssue {
  if (known.tonnes === tonnes) return known;
  throw new DomainError(
    'ISSUE_CONFLICT',
    'expected the tonnes booked under this reference, got others',
    'conflict',
  );
}

/** @throws EMISSIONS_STATEMENT */
function requireEmissions({ kind, tonnes, lowTonnes, highTonnes }: Omit<SignedEmissions, 'signature'>): void {
  const isForecast = kind === 'FORECAST';
  const interval = [lowTonnes, highTonnes];
  const ordered = [lowTonnes ?? 0, tonnes, highTonnes ?? tonnes];
  const holds =
    interval.every((each) => (each !== null) === isForecast) &&
    ordered.every((each) => each >= 0 && each <= MAX_TONNES) &&
    ordered[0]! <= tonnes &&
    tonnes <= ordered[2]!;
  if (holds) return;
  throw new DomainError(
    'EMISSIONS_STATEMENT',
    `expected whole tonnes from 0 to ${MAX_TONNES}, and of a forecast alone an interval around them`,
  );
}

/** @throws RETIREMENT_CONFLICT */
async function isRetired(
  manager: EntityManager,
  { organisationId: tenantId, id: participantId }: Principal,
  retirementId: string,
  signature: string,
): Promise<boolean> {
  const known = await manager.findOneBy(AllowanceRetirement, { tenantId, participantId, retirementId });
  if (known === null) return false;
  if (known.signature === signature) return true;
  throw new DomainError(
    'RETIREMENT_CONFLICT',
    'expected the retirement as it was signed, got another',
    'conflict',
  );
}

/** Nobody surrenders more than it emitted: the rest stays its own. @throws VERIFIED_MISSING, SURRENDER_EXCESS */
function requireOwed({ verifiedTonnes, surrenderedTonnes }: AccountView, tonnes: number): void {
  if (verifiedTonnes === null) {
    throw new DomainError(
      'VERIFIED_MISSING',
      'expected verified emissions of the year, got none yet',
      'conflict',
    );
  }
  const owed = Math.max(0, verifiedTonnes - surrenderedTonnes);
  if (tonnes <= owed) return;
  throw new DomainError(
    'SURRENDER_EXCESS',
    `expected at most the ${owed} tonnes not surrendered for yet, got ${tonnes}`,
    'conflict',
    { owedTonnes: owed },
  );
}
