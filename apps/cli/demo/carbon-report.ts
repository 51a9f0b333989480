import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUR_MS, localDate } from '#core';
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

/** What the members have published of the day; hours by member. */
export function publishedBy(emissions: readonly ProcessEvent[], { delivery }: DemoPeriod) {
  const kilograms = (field: string): number =>
    emissions.reduce((sum, event) => sum + Number(event[field]), 0) / 1_000;
  return {
    locationKg: kilograms('locationGrams'),
    marketKg: kilograms('marketGrams'),
    hours: emissions.map((event) => Number(event['hours'])),
    deliveryHours: (delivery.endMs - delivery.startMs) / HOUR_MS,
  };
}

/** The user's own meter, or else the member that local energy spared most. */
export function reporterOf(
  sites: readonly RunningSite[],
  emissions: readonly ProcessEvent[],
  joined: string | null,
): RunningSite {
  const spared = emissions.map((event) => Number(event['locationGrams']) - Number(event['marketGrams']));
  return sites.find(({ name }) => name === joined) ?? sites[spared.indexOf(Math.max(...spared))]!;
}

/**
 * Stops the node of a member, and has it write its day's report, as its owner would; the PDF is
 * made from the verified JSON.
 */
export async function writeDayReport(
  workspace: string,
  { deliveryDate, delivery, zone }: DemoPeriod,
  { name, directory, process }: RunningSite,
): Promise<DemoReport> {
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
