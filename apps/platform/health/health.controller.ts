import { Controller, Get } from '@nestjs/common';
import { DomainError } from '#core';
import { Database } from '#persistence';

const READY_MS = 5_000;

/** For supervisors and load balancers; needs no credentials and tells nothing but the answer. */
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** @throws NOT_READY (503) unless the database answers within 5 s. */
  @Get('ready')
  async ready(): Promise<{ status: 'ok' }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, READY_MS, 'late');
    });
    const answered = this.database.ping().then(
      () => 'ok' as const,
      () => 'failed' as const,
    );
    const outcome = await Promise.race([answered, late]);
    clearTimeout(timer);
    if (outcome === 'ok') return { status: 'ok' };
    throw new DomainError('NOT_READY', `expected the database to answer, got ${outcome}`, 'unavailable');
  }
}
