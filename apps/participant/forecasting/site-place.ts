import { existsSync } from 'node:fs';
import { type Place, requirePlace } from '#forecasting';
import { writeDurably } from '../node/durable-log.ts';
import { readJson, type SiteDirectory } from '../node/site-directory.ts';

const fileOf = (directory: SiteDirectory): string => directory.file('place.json');

/** Where the site is, for the clear sky above it; null where its owner has not said. Nothing that is sent names it. @throws PLACE_INVALID */
export function sitePlace(directory: SiteDirectory): Place | null {
  const file = fileOf(directory);
  return existsSync(file) ? requirePlace(readJson(file) as Place) : null;
}

export function setPlace(directory: SiteDirectory, place: Place): void {
  directory.create();
  writeDurably(fileOf(directory), JSON.stringify(place, null, 2));
}
