import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type CommandOutput, DIR, type DirectoryOption } from '../node/command-options.ts';
import type { Progress } from './delivery-site.ts';

const HELP = `
Data sets leave a site encrypted. Who buys pins the provider and the provider pins who buys (participant trust add), so that
the platform can put no key of its own between them. A transfer that breaks off goes on when the same command is given again.

Examples:
  gridcommons participant data publish load.csv --data-set 6c1d4c5e-… --about version.json --dir seller
  gridcommons participant data key --dir buyer
  gridcommons participant data grant 91ab… --agreement 0f2b… --dir seller
  gridcommons participant data download 91ab… --agreement 0f2b… --output load.csv --dir buyer

version.json says what buyers see of a version:
  {"start": "2026-01-01T00:00:00Z", "end": "2026-02-01T00:00:00Z", "columns": [{"name": "load", "unit": "kWh"}]}
and, if you like, "findings" and "sample" (rows in the clear).`;

interface PublishOptions extends DirectoryOption {
  readonly dataSet: string;
  readonly about: string;
  readonly readings?: number;
}

interface DeliveryOptions extends DirectoryOption {
  readonly agreement: string;
}

interface DownloadOptions extends DeliveryOptions {
  readonly output: string;
  readonly maxReadings?: number;
}

function count(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a whole number.');
}

/** Shows how many chunks have passed while `work` runs. */
async function shown<T>(
  verb: string,
  output: CommandOutput,
  work: (tell: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const progress = output.progress();
  try {
    return await work(({ chunks, done }) =>
      progress.at(done / chunks, `${done} of ${chunks} chunks ${verb}`),
    );
  } finally {
    progress.end();
  }
}

/** `participant data key|publish|grant|download`. */
export function registerData(participant: Command, output: (command: Command) => CommandOutput): void {
  const data = participant
    .command('data')
    .description('deliver data sets encrypted, and read those that were granted')
    .addHelpText('after', HELP);
  registerPublish(data, output);
  data
    .command('key')
    .description('register what deliveries to this site are re-encrypted to')
    .option(...DIR)
    .action(async ({ dir }: DirectoryOption, command: Command) => {
      const { deliverySite } = await import('./delivery-site.ts');
      const { registerKey } = await import('./register-key.ts');
      const key = await registerKey(await deliverySite(resolve(dir)));
      output(command).result(key, `receiving key ${key.publicKey}`);
    });
  data
    .command('grant')
    .description('let the consumer of an agreement open a version of its data set')
    .argument('<version>', 'id of a version published from here')
    .requiredOption('--agreement <id>', 'in force, about an own data set')
    .option(...DIR)
    .action(async (versionId: string, { dir, agreement }: DeliveryOptions, command: Command) => {
      const { deliverySite } = await import('./delivery-site.ts');
      const { grantVersion } = await import('./grant-version.ts');
      const of = { agreementId: agreement, versionId };
      const granted = await grantVersion(await deliverySite(resolve(dir)), of);
      output(command).result(granted, `${granted.legalId} may open version ${versionId}`);
    });
  registerDownload(data, output);
}

function registerPublish(data: Command, output: (command: Command) => CommandOutput): void {
  data
    .command('publish')
    .description('encrypt a file and publish it as a version of an own data set')
    .argument('<file>', 'CSV, Parquet or any other')
    .requiredOption('--data-set <id>', 'own, as in `gridcommons catalogue`')
    .requiredOption('--about <file>', 'what buyers see of the version, as JSON')
    .option('--readings <n>', 'how many readings it holds, for prices by reading', count)
    .option(...DIR)
    .action(async (file: string, options: PublishOptions, command: Command) => {
      const { deliverySite } = await import('./delivery-site.ts');
      const { publishVersion } = await import('./publish-version.ts');
      const { readJson } = await import('../node/site-directory.ts');
      const { dir, dataSet, about, readings = null } = options;
      const version = { dataSetId: dataSet, file: resolve(file), about: readJson(resolve(about)) as object, readings }; // prettier-ignore
      const told = output(command);
      const site = await deliverySite(resolve(dir));
      const published = await shown('uploaded', told, (tell) => publishVersion(site, version, tell));
      told.result(published, `version ${published.number}: ${published.versionId}`);
    });
}

function registerDownload(data: Command, output: (command: Command) => CommandOutput): void {
  data
    .command('download')
    .description('read a version that was granted, and decrypt it')
    .argument('<version>', 'id, granted under the agreement')
    .requiredOption('--agreement <id>', 'in force')
    .requiredOption('--output <file>', 'new file')
    .option('--max-readings <n>', 'refuse a version of more; needed where each costs something', count)
    .option(...DIR)
    .action(async (versionId: string, options: DownloadOptions, command: Command) => {
      const { deliverySite } = await import('./delivery-site.ts');
      const { downloadVersion } = await import('./download-version.ts');
      const { dir, agreement: agreementId, maxReadings } = options;
      const of = { agreementId, versionId, output: resolve(options.output), maxReadings };
      const told = output(command);
      const site = await deliverySite(resolve(dir));
      const downloaded = await shown('read', told, (tell) => downloadVersion(site, of, tell));
      told.result(downloaded, `${downloaded.bytes} bytes of ${downloaded.legalId} in ${options.output}`);
    });
}
