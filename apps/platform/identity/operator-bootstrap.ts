import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Config } from '#config';
import type { Logger } from '#observability';
import { Database } from '#persistence';
import { CONFIG, LOGGER } from '../platform.tokens.ts';
import { Organisation } from './identity.entities.ts';
import { addApiKey } from './identity.service.ts';
import { writeSecretFile } from './key-files.ts';

export const OPERATOR_LEGAL_ID = 'gridcommons:operator';
const OPERATOR_LOCK = 7_163_202;

/** On first start: the operator's organisation, and its API key in `<dataDir>/operator.key` for whoever owns the disk. */
@Injectable()
export class OperatorBootstrap implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const file = join(this.config.dataDir, 'operator.key');
    const created = await this.database.asSystem(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [OPERATOR_LOCK]);
      if (await manager.existsBy(Organisation, { legalId: OPERATOR_LEGAL_ID })) return false;
      const id = randomUUID();
      await manager.insert(Organisation, { id, name: 'Operator', legalId: OPERATOR_LEGAL_ID });
      const { text } = await addApiKey(manager, id, 'operator', ['operator', 'admin', 'market']);
      // Before the commit: a key that was committed but never written would be lost for ever.
      await writeSecretFile(file, `${text}\n`);
      return true;
    });
    if (created) this.logger.info({ file }, 'operator organisation created; its API key is in the file');
  }
}
