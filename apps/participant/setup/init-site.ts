import { existsSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Clock, DomainError, systemClock } from '#core';
import { readConsent } from '../federation/consent.ts';
import { writeDurably } from '../node/durable-log.ts';
import { enrol, platformAddress } from '../node/enrol.ts';
import { PlatformClient } from '../node/platform-client.ts';
import { type Enrolment, readJson, SiteDirectory } from '../node/site-directory.ts';
import { type ImportReport, importReadings } from '../readings/import-readings.ts';
import { notedSeries } from '../readings/series-note.ts';
import { type Answers, columnOf, USUALLY_PUBLISHED } from './answers.ts';
import { type Check, requirePassed } from './check.ts';
import { type DataFile, dataChecks, readDataFile, storedChecks } from './data-checks.ts';
import { directoryCheck, machineChecks } from './machine-checks.ts';
import { type Credential, platformChecks } from './platform-checks.ts';
import { type Preview, sitePreview } from './preview.ts';
import { composeFile, requireNewFile, serviceOf, systemdUnit, writeServiceFile } from './service-files.ts';

const CREATE_TOKEN = `mutation Token { createEnrolmentToken(input: {}) { token } }`;

/** New files that a service runs by; absent: not written. */
export interface ServiceFiles {
  readonly systemd?: string;
  readonly compose?: string;
}

export interface Initialised extends Enrolment {
  readonly directory: string;
  readonly checks: readonly Check[];
  readonly preview: Preview;
  /** Null without a file of readings. */
  readonly imported: ImportReport | null;
  readonly written: readonly string[];
  readonly next: readonly string[];
}

/**
 * From nothing to a node that may be started: checks, then keys, enrolment, readings and the files of a service. Before the checks
 * have passed nothing is written; after that each step leaves a directory that a further run goes on with.
 * @throws CHECKS_FAILED, PLATFORM_UNAVAILABLE, FILE_EXISTS, and the codes of enrol and importReadings
 */
export async function initSite(
  answers: Answers,
  files: ServiceFiles = {},
  clock: Clock = systemClock,
): Promise<Initialised> {
  const directory = new SiteDirectory(resolve(answers.dir));
  const url = platformAddress(answers.platform);
  requireSamePlatform(directory, url);
  const services = serviceFiles(directory, url, files);
  const credential = await credentialOf(directory, answers);
  const data = dataOf(answers);
  const checks = [
    ...(await machineChecks()),
    directoryCheck(directory),
    ...(await platformChecks(url, credential, clock)),
    ...(data ? await dataChecks(data) : []),
  ];
  requirePassed(checks);

  const enrolment = await enrolled(directory, url, credential, answers.publish);
  const imported = data ? await importReadings(directory.path, data.file, data) : null;
  for (const { file, content } of services) writeServiceFile(file, content);
  return {
    ...enrolment,
    directory: directory.path,
    checks,
    preview: previewOf(directory, enrolment.publish),
    imported,
    written: services.map(({ file }) => file),
    next: nextCommands(answers.dir, imported !== null),
  };
}

/** The checks again, of a directory that is there. Changes nothing, also while its node runs. @throws NOT_ENROLLED */
export async function checkSite(path: string, clock: Clock = systemClock): Promise<Check[]> {
  const directory = new SiteDirectory(path);
  const enrolment = directory.enrolment();
  const machine = [...(await machineChecks()), directoryCheck(directory)];
  // Keys that others can read are not used, and a check makes none.
  const usable = machine.every(({ status }) => status !== 'failed');
  const platform = usable
    ? await platformChecks(enrolment.platformUrl, { enrolment, identity: await directory.identity() }, clock)
    : [];
  return [...machine, ...platform, ...storedChecks(notedSeries(path))];
}

/** What leaves a site and what does not, by its consent. Before the enrolment as if everything were published that is by default. */
export async function previewSite(path: string, data?: DataFile): Promise<Preview> {
  const directory = new SiteDirectory(path);
  const publish = directory.enrolled ? directory.enrolment().publish : USUALLY_PUBLISHED;
  const columns = data ? (await readDataFile(data)).columns.map(({ name }) => name) : [];
  return previewOf(directory, publish, columns);
}

function previewOf(
  directory: SiteDirectory,
  publish: Enrolment['publish'],
  further: readonly string[] = [],
): Preview {
  const stored = (notedSeries(directory.path) ?? []).map(({ column }) => column);
  return sitePreview({
    publish,
    consent: readConsent(directory),
    columns: [...new Set([...stored, ...further])],
    organisations: directory.pins().length + 1,
  });
}

/** Before anything is asked of another platform. @throws ALREADY_ENROLLED */
function requireSamePlatform(directory: SiteDirectory, url: string): void {
  if (!directory.enrolled || directory.enrolment().platformUrl === url) return;
  throw new DomainError(
    'ALREADY_ENROLLED',
    `expected ${directory.enrolment().platformUrl}, where this directory is enrolled, got ${url}`,
    'conflict',
  );
}

/** @throws FILE_EXISTS, FILE_UNWRITABLE, PATH_UNUSABLE: before there is anything to undo */
function serviceFiles(
  directory: SiteDirectory,
  url: string,
  { systemd, compose }: ServiceFiles,
): readonly { readonly file: string; readonly content: string }[] {
  if (systemd === undefined && compose === undefined) return [];
  const service = serviceOf(directory.path, url);
  const wanted = [
    ...(systemd === undefined ? [] : [{ file: resolve(systemd), content: systemdUnit(service) }]),
    ...(compose === undefined ? [] : [{ file: resolve(compose), content: composeFile(service) }]),
  ];
  for (const { file } of wanted) requireNewFile(file);
  return wanted;
}

/** @throws FILE_UNREADABLE, KEY_FILE_MALFORMED */
async function credentialOf(directory: SiteDirectory, { token, keyFile }: Answers): Promise<Credential> {
  if (token !== undefined) return { token };
  if (directory.enrolled) return { enrolment: directory.enrolment(), identity: await directory.identity() };
  return { apiKey: await apiKeyIn(resolve(keyFile ?? '')) };
}

async function apiKeyIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new DomainError(
      'FILE_UNREADABLE',
      `expected an API key in ${file}, got ${error.code ?? 'an error'}`,
      'not-found',
      { file },
    );
  });
  const apiKey = text.trim();
  if (/^[!-~]{1,4096}$/.test(apiKey)) return apiKey;
  throw new DomainError('KEY_FILE_MALFORMED', `expected an API key in ${file}, got something else`);
}

function dataOf(answers: Answers): DataFile | null {
  const { data, zone } = answers;
  if (data === undefined) return null;
  const column = columnOf(answers);
  return {
    file: resolve(data),
    ...(zone === undefined ? {} : { zone }),
    ...(column === undefined ? {} : { column }),
  };
}

async function enrolled(
  directory: SiteDirectory,
  platformUrl: string,
  credential: Credential,
  publish: Enrolment['publish'],
): Promise<Enrolment> {
  if ('enrolment' in credential) {
    const enrolment = { ...credential.enrolment, publish };
    directory.saveEnrolment(enrolment);
    return enrolment;
  }
  const token = 'token' in credential ? credential.token : await ownToken(directory, platformUrl, credential);
  try {
    const enrolment = await enrol(directory, { platformUrl, token, publish });
    rmSync(tokenFile(directory), { force: true });
    return enrolment;
  } catch (error) {
    // Another is made the next time; after any other failure this one may have been taken by these keys.
    if (error instanceof DomainError && error.code.startsWith('ENROLMENT_TOKEN_'))
      rmSync(tokenFile(directory), { force: true });
    throw error;
  }
}

const tokenFile = (directory: SiteDirectory): string => directory.file('enrolment-token.json');

/** Written down before it is used: whoever is interrupted goes on with the same, under which the platform knows the keys. */
async function ownToken(
  directory: SiteDirectory,
  platformUrl: string,
  { apiKey }: { readonly apiKey: string },
): Promise<string> {
  const file = tokenFile(directory);
  if (existsSync(file)) {
    const kept = readJson(file) as { readonly platformUrl: string; readonly token: string };
    if (kept.platformUrl === platformUrl) return kept.token;
  }
  const client = new PlatformClient(platformUrl, { apiKey });
  const { createEnrolmentToken } = await client.request<{ createEnrolmentToken: { token: string } }>(
    CREATE_TOKEN,
  );
  directory.create();
  writeDurably(file, JSON.stringify({ platformUrl, token: createEnrolmentToken.token }));
  return createEnrolmentToken.token;
}

function nextCommands(dir: string, hasReadings: boolean): string[] {
  const at = `--dir ${/^[\w./-]+$/.test(dir) ? dir : `'${dir.replaceAll("'", String.raw`'\''`)}'`}`;
  return [
    ...(hasReadings ? [] : [`gridcommons participant import readings.csv --zone Europe/Berlin ${at}`]),
    `gridcommons participant identity --output trust.json ${at}`,
    `gridcommons participant trust add OTHERS.trust.json ${at}`,
    `gridcommons participant consent show ${at}`,
    `gridcommons participant start ${at}`,
    ...(hasReadings ? [`gridcommons participant import LATER.csv ${at}`] : []),
    `gridcommons participant check ${at}`,
  ];
}
