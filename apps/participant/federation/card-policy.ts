import { DomainError } from '#core';
import { thresholdParameters } from '#encryption';
import type { TaskCard } from '#federation';
import { momentCount } from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import { pinOf } from '../node/site-directory.ts';

/**
 * Whether this node takes part in a sound card: every member pinned by its owner, the platform it enrolled with, the
 * encryption parameters its own library would choose, a statistic of the length the model says.
 * @throws MEMBER_NOT_PINNED, PLATFORM_KEY_DIFFERS, CARD_PARAMETERS, SERIES_UNKNOWN
 */
export async function requireAcceptable(node: SiteNode, card: TaskCard): Promise<void> {
  if (card.platformKey !== node.enrolment.platformKey) {
    throw refuse(
      'PLATFORM_KEY_DIFFERS',
      'expected the platform key of the enrolment, got another in the card',
    );
  }
  const pins = new Set(node.directory.pins().map((pin) => pin.fingerprint));
  for (const member of card.roster) {
    const { fingerprint } = await pinOf(member);
    if (!pins.has(fingerprint)) {
      throw refuse(
        'MEMBER_NOT_PINNED',
        `expected every member pinned (participant trust add), got ${member.legalId} with fingerprint ${fingerprint.slice(0, 16)}…`,
        {
          organisation: member.organisation,
          legalId: member.legalId,
          fingerprint,
        },
      );
    }
  }
  requireOwnParameters(card);
  const columns = await node.readings.columns();
  if (!columns.includes(card.data.series)) {
    throw refuse(
      'SERIES_UNKNOWN',
      `expected one of the imported series ${columns.join(', ')}, got ${card.data.series}`,
    );
  }
}

function requireOwnParameters({ encryption, model }: TaskCard): void {
  const { lanes, fractionBits, maxSites } = encryption;
  const values = momentCount(model);
  const own = thresholdParameters({ values, lanes, fractionBits, maxSites });
  if (JSON.stringify(own) !== JSON.stringify({ ...own, ...encryption }) || encryption.scheme !== own.scheme) {
    throw refuse(
      'CARD_PARAMETERS',
      'expected the encryption parameters this node derives itself, got others',
    );
  }
}

const refuse = (code: string, message: string, data: Record<string, string> = {}) =>
  new DomainError(code, message, 'forbidden', data);
