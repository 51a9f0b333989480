import type { Command } from 'commander';
import type { OutputOf } from '../output.ts';
import { registerAllowanceCommands } from './allowance-commands.ts';
import { registerAnalyticsCommands } from './analytics-commands.ts';
import { registerCertificateCommands } from './certificate-commands.ts';
import { registerAheadCommands } from './ahead-commands.ts';
import { registerFootprintCommand } from './footprint-commands.ts';
import { registerFactorCommands } from './factor-commands.ts';
import { registerTraceCommands } from './trace-commands.ts';
import { registerReportCommands } from './report-commands.ts';
import { registerInventoryCommands } from './inventory-commands.ts';

/** `carbon …`: what energy emitted, from files, with the source of every number. */
export function registerCarbonCommands(program: Command, outputOf: OutputOf): void {
  const carbon = program.command('carbon').description('carbon accounting on inputs from a file');
  registerFactorCommands(carbon, outputOf);
  registerAllowanceCommands(carbon, outputOf);
  registerAnalyticsCommands(carbon, outputOf);
  registerTraceCommands(carbon, outputOf);
  registerCertificateCommands(carbon, outputOf);
  registerReportCommands(carbon, outputOf);
  registerFootprintCommand(carbon, outputOf);
  registerInventoryCommands(carbon, outputOf);
  registerAheadCommands(carbon, outputOf);
}
