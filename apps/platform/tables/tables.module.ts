import { Module } from '@nestjs/common';
import { TableSender } from './table-sender.service.ts';

/** Rows as files of Arrow, Parquet and CSV. */
@Module({ providers: [TableSender], exports: [TableSender] })
export class TablesModule {}
