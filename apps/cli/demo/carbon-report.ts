import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localDate } from '#core';
import { renderReport } from '#reports';
import { reportOfBytes, verifyReportBytes } from '#studies';
import type { DemoPeriod } from './sites.ts';
import type { RunningSite } from './steps.ts';
import { type ProcessEvent, runCommand } from './watched-process.ts';

/** The day of one member as a report: where it is, and whether it verified. */
export interface DemoReport {
  readonly member: string;
  readonly json: string;
  readonly pdf: string;
  readonly hash: string;
  readonly verified: boolean;
}

/**
 * Stops the node of the member that local energy spared most, and has it write its day's report, as its owner would; the PDF is
 * made from the verified JSON.
 */
export async function writeDayReport(
  workspace: string,
  { deliveryDate, delivery, zone }: DemoPeriod,
  sites: readonly RunningSite[],
  emissions: readonly ProcessEvent[],
): Promise<DemoReport> {
  const spared = emissions.map((event) => Number(event['locationGrams']) - Number(event['marketGrams']));
  const { name, directory, process } = sites[spared.indexOf(Math.max(...spared))]!;
  // Its readings are its node's alone while it runs.
  await process.stop();
  const [json, pdf] = ['json', 'pdf'].map((format) => join(workspace, `${name}.report.${format}`));
  const next = localDate(zone, delivery.endMs);
  const period = ['--from', deliveryDate, '--to', next, '--zone', zone];
  await runCommand(['participant', 'carbon', 'report', '--dir', directory, ...period, '--out', json!]);
  const bytes = await readFile(json!);
  const { verified, hash } = await verifyReportBytes(bytes);
  await writeFile(pdf!, await renderReport(reportOfBytes(bytes), 'pdf'), { mode: 0o600 });
  return { member: name, json: json!, pdf: pdf!, hash: hash ?? '', verified };
}
