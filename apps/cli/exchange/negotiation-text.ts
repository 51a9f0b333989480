import { NEGOTIATION_STATES, type NegotiationState, nextNegotiationStates, type Party } from '#exchange';
import { z } from 'zod';
import { tableText } from '../table-text.ts';
import type { Parties } from './parties.ts';
import { priceText, termsText, validityText } from './terms-text.ts';

const both = {
  id: z.string(),
  consumerId: z.string(),
  providerId: z.string(),
  offerId: z.string(),
  dataSetId: z.string(),
  policy: z.unknown(),
  price: z.unknown(),
  validFrom: z.string(),
  validUntil: z.string().nullable(),
};
export const NEGOTIATION = z.looseObject({
  ...both,
  state: z.enum(NEGOTIATION_STATES),
  offeredBy: z.string(),
  agreementId: z.string().nullable(),
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  expiresAt: z.string(),
});
export const AGREEMENT = z.looseObject({
  ...both,
  standing: z.string(),
  negotiationId: z.string(),
  paidAt: z.string().nullable(),
});
export type Negotiation = z.infer<typeof NEGOTIATION>;
export type Agreement = z.infer<typeof AGREEMENT>;

const VERBS: Partial<Record<NegotiationState, (id: string) => string>> = {
  REQUESTED: (id) => `counter ${id} --price FILE --policy FILE`,
  OFFERED: (id) => `counter ${id} --price FILE --policy FILE`,
  ACCEPTED: (id) => `accept ${id}`,
  AGREED: (id) => `agree ${id}`,
  VERIFIED: (id) => `verify ${id}`,
  FINALIZED: (id) => `finalise ${id}`,
  TERMINATED: (id) => `terminate ${id} --code CODE`,
};

const sideOf = ({ consumerId }: { readonly consumerId: string }, { own }: Parties): Party =>
  consumerId === own ? 'consumer' : 'provider';

const otherOf = (
  row: { readonly consumerId: string; readonly providerId: string },
  parties: Parties,
): string =>
  sideOf(row, parties) === 'consumer'
    ? `${parties.nameOf(row.providerId)} (provider)`
    : `${parties.nameOf(row.consumerId)} (consumer)`;

/** Whom the next word but an end is for. */
function turnOf(row: Negotiation, parties: Parties): string {
  const side = (['consumer', 'provider'] as const).find((by) =>
    nextNegotiationStates(row.state, by).some((next) => next !== 'TERMINATED'),
  );
  if (side === undefined) return 'nobody';
  return side === sideOf(row, parties) ? 'you' : side;
}

function stepsOf(row: Negotiation, parties: Parties): string[] {
  const next = nextNegotiationStates(row.state, sideOf(row, parties));
  const steps = next.map((state) => `gridcommons negotiation ${VERBS[state]!(row.id)}`);
  return row.agreementId === null || row.state !== 'FINALIZED'
    ? steps
    : [`gridcommons agreement show ${row.agreementId}`];
}

const termsLines = ({ policy, price, validFrom, validUntil }: Negotiation | Agreement): string[] => [
  `  price        ${priceText(price)}`,
  `  valid        ${validityText(validFrom, validUntil)}`,
  ...termsText(policy).map((line) => `  ${line}`),
];

const nextLines = (steps: readonly string[]): string[] =>
  steps.length === 0 ? [] : ['next:', ...steps.map((step) => `  ${step}`)];

export function negotiationText(row: Negotiation, parties: Parties): string {
  const { id, state, agreementId, reasonCode, reason, expiresAt } = row;
  const turn = turnOf(row, parties);
  return [
    `negotiation ${id}: ${state}${turn === 'nobody' ? '' : `, turn: ${turn}, until ${expiresAt}`}`,
    `with ${otherOf(row, parties)}, about data set ${row.dataSetId}`,
    ...(agreementId === null ? [] : [`agreement ${agreementId}`]),
    ...(reasonCode === null ? [] : [`ended because of ${reasonCode}${reason === null ? '' : `: ${reason}`}`]),
    `terms, as the ${row.offeredBy.toLowerCase()} offered them last:`,
    ...termsLines(row),
    ...nextLines(stepsOf(row, parties)),
  ].join('\n');
}

function agreementSteps(row: Agreement, side: Party): string[] {
  if (row.standing === 'AGREED') return [`gridcommons negotiation show ${row.negotiationId}`];
  if (row.standing === 'UNPAID' && side === 'consumer')
    return [`gridcommons agreement quote ${row.id}`, `gridcommons agreement pay ${row.id}`];
  if (row.standing !== 'IN_FORCE') return [];
  if (side === 'provider')
    return [
      `gridcommons participant data grant VERSION --agreement ${row.id}`,
      `gridcommons agreement revoke ${row.id} --code CODE`,
    ];
  return [
    `gridcommons series read SERIES --from INSTANT --until INSTANT --agreement ${row.id}`,
    `gridcommons participant data download VERSION --agreement ${row.id} --output FILE`,
    `gridcommons agreement retire ${row.id}`,
  ];
}

const paidText = ({ price, paidAt, standing }: Agreement): string => {
  if (price === null || standing === 'UNPAID') return '';
  return paidAt === null ? ', not paid' : `, paid ${paidAt}`;
};

export const agreementText = (row: Agreement, parties: Parties): string =>
  [
    `agreement ${row.id}: ${row.standing}${paidText(row)}`,
    `with ${otherOf(row, parties)}, about data set ${row.dataSetId}`,
    'terms:',
    ...termsLines(row),
    ...nextLines(agreementSteps(row, sideOf(row, parties))),
  ].join('\n');

export const negotiationsTable = (rows: readonly Negotiation[], parties: Parties): string =>
  tableText(
    ['negotiation', 'state', 'turn', 'with', 'price', 'valid until'],
    rows.map((row) => [row.id, row.state, turnOf(row, parties), otherOf(row, parties), priceText(row.price), row.validUntil ?? 'no end']), // prettier-ignore
  );

export const agreementsTable = (rows: readonly Agreement[], parties: Parties): string =>
  tableText(
    ['agreement', 'standing', 'with', 'price', 'paid', 'valid until'],
    rows.map((row) => [row.id, row.standing, otherOf(row, parties), priceText(row.price), row.price === null ? '–' : (row.paidAt ?? 'no'), row.validUntil ?? 'no end']), // prettier-ignore
  );
