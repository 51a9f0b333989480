import { Module } from '@nestjs/common';
import { marketIntradayMigration } from '../migrations/0044-market-intraday.ts';
import { IntradayBook, IntradayOrder } from './intraday.entities.ts';
import { IntradayResolver } from './intraday.resolver.ts';
import { IntradayService } from './intraday.service.ts';
import { IntradayBooksService } from './intraday-books.service.ts';

/** Order books beside a session's auction: from its clearing to a gate shortly before each slot. */
@Module({ providers: [IntradayService, IntradayBooksService, IntradayResolver] })
export class IntradayModule {
  static readonly entities = [IntradayOrder, IntradayBook];
  static readonly migrations = [marketIntradayMigration];
}
