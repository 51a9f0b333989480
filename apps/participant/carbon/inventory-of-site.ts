import { resolve } from 'node:path';
import { DomainError, interval, type Interval, type Json, parseInstant, systemClock } from '#core';
import { SessionJournal } from '../market/session-journal.ts';
import { writeDurably } from '../node/durable-log.ts';
import { PlatformClient } from '../node/platform-client.ts';
import { readJson, SiteDirectory } from '../node/site-directory.ts';
import { ReadingStore } from '../readings/reading-store.ts';
import { type InventoryTerms, type OwnInventory, ownInventory } from './own-inventory.ts';

/**
 * The inventory of a site's directory, which the node must not be running in.
 * @throws DATA_DIR_IN_USE, NOT_ENROLLED, KEY_FILE_EXPOSED, FILE_NOT_FOUND, FILE_NOT_JSON, TERMS_INVALID, the platform's refusals and as
 * ownInventory
 */
export async function inventoryOfSite(
  path: string,
  { from, to, terms, output }: { from: string; to: string; terms?: string; output?: string },
): Promise<OwnInventory> {
  const period = interval(parseInstant(from), parseInstant(to));
  const said = terms === undefined ? {} : termsIn(resolve(terms));
  const directory = new SiteDirectory(path);
  const { platformUrl, participantId } = directory.enrolment();
  const { privateKey } = (await directory.identity()).signing;
  const readings = await ReadingStore.open(path);
  try {
    const journal = new SessionJournal(directory);
    const site = {
      readings,
      clock: systemClock,
      client: new PlatformClient(platformUrl, { participantId, privateKey }),
      enrolment: { participantId },
      sessionsWithin: (span: Interval) => journal.sessionsWithin(span),
    };
    const told = await ownInventory(site, period, said);
    if (output !== undefined) writeDurably(resolve(output), `${JSON.stringify(told, null, 2)}\n`);
    return told;
  } finally {
    await readings.close();
  }
}

function termsIn(file: string): InventoryTerms {
  const terms = readJson(file) as Json;
  if (typeof terms === 'object' && terms !== null && !Array.isArray(terms)) return terms as InventoryTerms;
  throw new DomainError('TERMS_INVALID', 'expected an object of terms, got another', 'invalid', { file });
}
