import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AnchorChain, type Anchoring, readAnchorKey, requireSameAnchor } from '#anchor';
import type { Config } from '#config';
import { Database } from '#persistence';
import { JobHandlers } from '../jobs/job-handlers.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CONFIG } from '../platform.tokens.ts';
import { LedgerAnchor } from './anchors.entities.ts';
import { LedgerDay } from './days.entities.ts';

/** Wake-up; the reconciler asks for it when a day has a record and no anchor. */
export const ANCHOR_DAYS_JOB = 'ledger.anchor-days';

/** The job that has the contract keep the days' records, in their order, where one is configured. */
@Injectable()
export class AnchoringService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobHandlers,
    @Inject(CONFIG) private readonly config: Pick<Config, 'ledgerAnchor'>,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      name: ANCHOR_DAYS_JOB,
      handle: () => this.anchorDays(),
      unfinished: async () =>
        this.config.ledgerAnchor !== undefined && (await this.dueDay()) !== null
          ? [{ payload: {}, key: 'all' }]
          : [],
    });
  }

  /** Where a day is anchored; null: nowhere yet. */
  anchorOf(principal: Principal, day: string): Promise<LedgerAnchor | null> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      manager.findOneBy(LedgerAnchor, { day }),
    );
  }

  /**
   * Anchors all days that have a record, one after the other. The contract is asked first: what was sent before the process
   * ended is not sent again.
   * @throws ANCHOR_MISMATCH where the contract keeps another record, ANCHOR_REFUSED, ANCHOR_UNREACHABLE,
   *   ANCHOR_CONTRACT_UNKNOWN, ANCHOR_ADDRESS_INVALID, ANCHOR_KEY_INVALID
   */
  async anchorDays(): Promise<void> {
    const { ledgerAnchor } = this.config;
    if (ledgerAnchor === undefined) return;
    const privateKey = await readAnchorKey(ledgerAnchor.keyFile);
    const chain = await AnchorChain.connect(ledgerAnchor.rpcUrl, ledgerAnchor.contract);
    try {
      let due = await this.dueDay();
      while (due !== null) {
        await this.keep(chain, due.day, await anchored(chain, due, privateKey));
        due = await this.dueDay();
      }
    } finally {
      chain.close();
    }
  }

  private async keep(chain: AnchorChain, day: string, anchoring: Anchoring | null): Promise<void> {
    const { transaction = null, block = null } = anchoring ?? {};
    const row = { day, chainId: chain.chainId, contract: chain.address, transaction, block };
    await this.database.asSystem((manager) =>
      // Another worker may have been told the same at this moment.
      manager.createQueryBuilder().insert().into(LedgerAnchor).values(row).orIgnore().execute(),
    );
  }

  /** The first day after the last that is anchored: the contract takes no earlier one. */
  private dueDay(): Promise<LedgerDay | null> {
    return this.database.asSystem((manager: EntityManager) =>
      manager
        .createQueryBuilder(LedgerDay, 'day')
        .where(
          `NOT EXISTS (${manager
            .createQueryBuilder()
            .subQuery()
            .from(LedgerAnchor, 'anchor')
            .where('anchor.day >= day.day')
            .getQuery()})`,
        )
        .orderBy('day.day', 'ASC')
        .limit(1)
        .getOne(),
    );
  }
}

/** Where the contract keeps the record, which it does now. */
async function anchored(
  chain: AnchorChain,
  { day, root, hash: head }: LedgerDay,
  privateKey: string,
): Promise<Anchoring | null> {
  const kept = await chain.anchored(day);
  if (kept === null) return chain.anchor(day, { root, head }, privateKey);
  requireSameAnchor(day, { root, head }, kept);
  return chain.anchoring(day);
}
