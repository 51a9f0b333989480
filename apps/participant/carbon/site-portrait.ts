import { dayShapes, type Portrait, PORTRAIT_METHOD, portraitOf } from '#analytics';
import { DomainError, HOUR_MS, interval, isoInstant } from '#core';
import { SiteDirectory } from '../node/site-directory.ts';
import { PlatformClient } from '../node/platform-client.ts';
import { ReadingStore } from '../readings/reading-store.ts';
import { publishPortrait, type PublishedPortrait } from './publish-portrait.ts';
import { startOf } from './site-report.ts';

const LOAD_COLUMN = 'load_kwh';

export interface SitePortraitOptions {
  /** First local day, or an instant; the first reading when absent. */
  readonly from?: string;
  /** The day after the last, or an instant, exclusive; the end of the last reading when absent. */
  readonly to?: string;
  /** Of local days; that of the imported files when absent. */
  readonly zone?: string;
}

/** What a site's load is like. Stays at the site. */
export interface SitePortrait extends Portrait {
  readonly method: typeof PORTRAIT_METHOD;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

/**
 * The portrait of a site's own load; with `publish` its labels go to the platform, signed, as the owner asks for it.
 * @throws as sitePortrait; DATA_DIR_IN_USE while the node runs; to publish NOT_ENROLLED, PLATFORM_UNAVAILABLE
 */
export async function portraitOfSite(
  path: string,
  { publish, ...options }: SitePortraitOptions & { readonly publish: boolean },
): Promise<{ portrait: SitePortrait; published: PublishedPortrait | null }> {
  const directory = new SiteDirectory(path);
  // Without an enrolment nothing is read either: what cannot be published whole is refused first.
  const enrolment = publish ? directory.enrolment() : null;
  const readings = await ReadingStore.open(path);
  try {
    const portrait = await sitePortrait(readings, options);
    if (enrolment === null) return { portrait, published: null };
    const { signing } = await directory.identity();
    const publisher = { participantId: enrolment.participantId, privateKey: signing.privateKey };
    const client = new PlatformClient(enrolment.platformUrl, publisher);
    return { portrait, published: await publishPortrait(client, publisher, portrait) };
  } finally {
    await readings.close();
  }
}

/** @throws ZONE_MISSING, LOAD_MISSING, INTERVAL_EMPTY, PORTRAIT_TOO_SHORT, SERIES_TOO_LONG, READINGS_TOO_COARSE */
export async function sitePortrait(
  readings: Pick<ReadingStore, 'dataset' | 'columns' | 'coverage' | 'hourly'>,
  options: SitePortraitOptions,
): Promise<SitePortrait> {
  const zone = options.zone ?? (await readings.dataset())?.zone ?? null;
  if (zone === null)
    throw new DomainError('ZONE_MISSING', 'expected --zone, as the imported files name none, got nothing');
  const whole = Number.POSITIVE_INFINITY;
  const hasLoad = (await readings.columns()).includes(LOAD_COLUMN);
  const covered = hasLoad ? await readings.coverage(LOAD_COLUMN, whole) : null;
  if (covered === null)
    throw new DomainError('LOAD_MISSING', `expected readings of ${LOAD_COLUMN}, got none`, 'not-found');
  const period = interval(
    options.from === undefined ? covered.fromMs : startOf(zone, options.from),
    options.to === undefined ? covered.toMs : startOf(zone, options.to),
  );
  const hours = interval(
    Math.ceil(Math.max(period.startMs, covered.fromMs) / HOUR_MS) * HOUR_MS,
    Math.min(period.endMs, covered.toMs),
  );
  const load = await readings.hourly(LOAD_COLUMN, hours, whole);
  return {
    method: PORTRAIT_METHOD,
    from: isoInstant(period.startMs),
    to: isoInstant(period.endMs),
    zone,
    ...portraitOf(dayShapes(load, zone)),
  };
}
