import { type Command, Option } from 'commander';

/** What a model sees beside its look-back, as a command line says it. */
export interface InputOptions {
  readonly calendar?: true;
  readonly holidays?: string;
  readonly ahead?: readonly string[];
  readonly past?: readonly string[];
  readonly issues?: 'every-step' | 'midnights';
}

const ISSUES = ['every-step', 'midnights'];

/** What a model sees beside its look-back. */
export const withInputs = (command: Command): Command =>
  command
    .option('--calendar', 'a model also sees weekday and season of the issue time')
    .option('--holidays <region>', 'and public holidays of a country or state: DE, DE-BW')
    .option(
      '--ahead <column...>',
      'columns known over the horizon at issue: forecasts of weather, of a system',
    )
    .option('--past <column...>', 'columns known up to the issue time')
    .addOption(
      new Option('--issues <when>', 'windows that a model with such inputs learns from').choices(ISSUES),
    );

/** What of it is said; holidays come with the calendar. Undefined: nothing. */
export function saidInputs({
  calendar,
  holidays,
  ahead,
  past,
  issues,
}: InputOptions): Partial<InputOptions> | undefined {
  const withCalendar = calendar ?? (holidays === undefined ? undefined : true);
  const said = Object.entries({ calendar: withCalendar, holidays, ahead, past, issues }).filter(
    ([, value]) => value !== undefined,
  );
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}
