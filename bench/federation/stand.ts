import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { loadConfig } from '#config';
import { createLogger } from '#observability';
import { Database, insertRows } from '#persistence';
import { createPlatform } from '../../apps/platform/create-platform.ts';
import { Organisation, Participant } from '../../apps/platform/identity/identity.entities.ts';
import type { Crowd } from './crowd.ts';

/** A platform in this process on a fresh directory, and the processor time of its work. */
export interface Stand {
  readonly app: INestApplicationContext;
  /** Runs the platform's work; milliseconds of all cores go to `stage`. Nothing else may run meanwhile. */
  measured<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
  /** Milliseconds by stage since the last call. */
  take(): Record<Stage, number>;
  stop(): Promise<void>;
}

/** Work for each site (dealing, uploading, closing), or for the task once: its committee's messages and the release. */
export type Stage = 'sites' | 'task';

export async function openStand(): Promise<Stand> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gridcommons-bench-'));
  const config = loadConfig({ GRIDCOMMONS_DATA_DIR: dataDir, LOG_LEVEL: 'error', PORT: '0' });
  const app = await createPlatform(config, createLogger(config.logLevel));
  await app.init();
  let spent = { sites: 0, task: 0 };
  return {
    app,
    async measured(stage, work) {
      const start = process.cpuUsage();
      const result = await work();
      const { user, system } = process.cpuUsage(start);
      spent[stage] += (user + system) / 1000;
      return result;
    },
    take() {
      const taken = spent;
      spent = { sites: 0, task: 0 };
      return taken;
    },
    async stop() {
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Organisations and participants, as enrolment leaves them. */
export async function enrolCrowd({ app }: Stand, { sites }: Crowd): Promise<void> {
  await app.get(Database).asSystem(async (manager) => {
    await insertRows(
      manager,
      Organisation,
      sites.map(({ organisation, legalId }) => ({ id: organisation, name: legalId, legalId })),
    );
    await insertRows(
      manager,
      Participant,
      sites.map(({ principal, organisation, signing, agreement }) => ({
        id: principal.id,
        tenantId: organisation,
        signingKey: signing.publicKey,
        agreementKey: agreement.publicKey,
      })),
    );
  });
}
