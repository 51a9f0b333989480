import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import type { PublishedPortrait } from './publish-portrait.ts';
import type { SitePortrait, SitePortraitOptions } from './site-portrait.ts';

const HELP = `
Whole local days of load_kwh count, at least fourteen. The portrait stays here. --publish sends, signed, the labels of the kinds of
days with their shares of the days in tens of per cent: no shape, no energy, no date.

Examples:
  gridcommons participant carbon portrait --dir north   # while it does not run
  gridcommons participant carbon portrait --from 2026-01-01 --to 2026-04-01 --publish --dir north`;

interface PortraitCommandOptions extends DirectoryOption, SitePortraitOptions {
  readonly publish?: boolean;
}

/** `participant carbon portrait`: what the site's own load is like. */
export function registerPortrait(carbon: Command, output: (command: Command) => CommandOutput): void {
  carbon
    .command('portrait')
    .description("kinds of days of the site's own load")
    .option('--from <day>', 'first local day, or an instant (default: the first reading)')
    .option('--to <day>', 'the day after the last, or an instant (default: the last reading)')
    .option('--zone <zone>', 'of local days (default: that of the imported files)')
    .option('--publish', 'send the labels and their rounded shares of days to the platform')
    .option(...DIR)
    .addHelpText('after', HELP)
    .action(async ({ dir, publish = false, ...options }: PortraitCommandOptions, command: Command) => {
      const { portraitOfSite } = await import('./site-portrait.ts');
      const { portrait, published } = await portraitOfSite(resolve(dir), { publish, ...options });
      output(command).result({ ...portrait, published }, portraitText(portrait, published));
    });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function portraitText(portrait: SitePortrait, published: PublishedPortrait | null): string {
  const { days, skipped, kinds, meanDayKwh, loadFactor, weekendRatio } = portrait;
  return [
    `${days} days from ${portrait.from} to ${portrait.to}; left out: ${skipped.incomplete} incomplete, ${skipped.clockChange} with a clock change, ${skipped.idle} without energy`,
    ...kinds.map(
      ({ label, shareOfDays, shareOfWeekends, meanDayKwh: kwh, shares }) =>
        `${label}: ${percent(shareOfDays)} of days, ${percent(shareOfWeekends)} of them weekends, ${kwh.toFixed(3)} kWh a day, most in hour ${shares.indexOf(Math.max(...shares))}`,
    ),
    `mean day ${meanDayKwh.toFixed(3)} kWh, load factor ${loadFactor.toFixed(3)}, weekend / weekday ${weekendRatio?.toFixed(3) ?? 'unknown'}`,
    published === null ? 'nothing was sent' : `sent as version ${published.version}: ${sentText(published)}`,
  ].join('\n');
}

const sentText = ({ labels }: PublishedPortrait): string =>
  labels.map(({ label, percentOfDays }) => `${label} ${percentOfDays} %`).join(', ');
