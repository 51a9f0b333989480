import { z } from 'zod';

/** The part of a card that is told; cards hold more. */
export const CARD = z.object({
  data: z.object({ series: z.array(z.string()), zone: z.string() }),
  roster: z.array(z.object({ organisation: z.string(), legalId: z.string() })),
});

type Card = z.infer<typeof CARD>;

export const DECLINE = z.object({
  organisationId: z.string(),
  code: z.string(),
  reason: z.string(),
  declinedAt: z.string(),
});

/** Organisations under the names their owners know, joined. */
export function namesOf({ roster }: Card, organisations: readonly string[]): string {
  const names = new Map(roster.map(({ organisation, legalId }) => [organisation, legalId]));
  return organisations.map((id) => names.get(id) ?? id).join(', ');
}

export const rosterText = (card: Card): string =>
  namesOf(
    card,
    card.roster.map(({ organisation }) => organisation),
  );
