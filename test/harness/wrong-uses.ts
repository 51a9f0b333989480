import { resolve } from 'node:path';

export const TRANSCRIPT = resolve('test/golden/released-task.transcript');

/** What `carbon report` takes. */
export const DAY = JSON.stringify({
  subject: { name: 'North works' },
  resolution: 'day',
  period: { start: '2026-05-11T22:00Z', end: '2026-05-12T22:00Z', zone: 'Europe/Berlin' },
  hours: [{ start: '2026-05-11T22:00Z', importKwh: '1.2', attributedKwh: 0.4 }],
  grid: { id: 'de-2026', basis: 'direct', source: 'my grid operator', factorKgPerKwh: 0.38 },
  local: 'pv-rooftop/direct/ipcc-ar5',
});

/** What `catalogue publish` takes. */
function publication(key: string, price: object): object {
  const dataSet = { key, title: 'Load', carrier: 'ELECTRICITY', kind: 'READINGS', licence: 'CC-BY-4.0' };
  return { dataSet, offers: [{ policy: { permission: [{ action: 'use' }] }, price }] };
}

/** Files of the table, by name. */
export const FILES = {
  'table.csv': 'a,b\n1,2\n',
  'comma.json': '{"energyKwh": 20,\n  "hours": [],\n}',
  'some.key': 'gck_secret_of_somebody',
  'two-lines.key': 'gck_secret\nof_somebody',
  'empty.key': '',
  'unknown.json': '{"energyKwh": 20, "maxPowerKw": 11, "contigous": true, "hours": []}',
  'word.json': JSON.stringify({
    orders: [{ id: 'b', member: 'b', side: 'buy', quantity: 1, price: 'dear' }],
  }),
  'no-time.csv': 'name,load_kwh\na,1\nb,2\n',
  'no-zone.csv': 'timestamp,load_kwh\n2026-10-25T01:00,1\n2026-10-25T02:00,2\n',
  'short.csv': `timestamp,load_kwh\n${Array.from({ length: 48 }, (_, hour) => `${new Date(Date.UTC(2026, 0, 1, hour)).toISOString()},${hour}\n`).join('')}`,
  'twice.csv': 'start,value\n2026-01-01T00:00,1\n2026-10-25T02:30,2\n',
  'network.json': JSON.stringify({
    base: { kv: 12.66, mva: 10 },
    root: 'grid',
    price: 0.2,
    buses: [{ id: 'grid' }, { id: 'north', p: 9_000, q: 300, vmin: 0.99, vmax: 1.05 }],
    lines: [{ from: 'grid', to: 'north', r: 1.2, x: 0.8, limit: 2_000 }],
  }),
  'negative.json': JSON.stringify(
    publication('negative', { kind: 'flat', currency: 'EUR', amountMinor: -5 }),
  ),
  'dear.json': JSON.stringify(publication('dear', { kind: 'flat', currency: 'EUR', amountMinor: 1e12 })),
  'euro.json': JSON.stringify(publication('euro', { kind: 'flat', currency: '€', amountMinor: 5 })),
  'no-readings.xml':
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content><UsagePoint/></content></entry></feed>',
};

type Wrong = readonly [what: string, line: string, exitCode: number, told: string];

/** What is done, the command line, with @ for the directory of the files, its exit code and all that the person is told. */
// prettier-ignore
export const CLI: readonly Wrong[] = [
  ['a verb that there is not', 'nonsense', 2, "USAGE: unknown command 'nonsense'"],
  ['help of a verb that there is not', 'catalogue nonsense --help', 2, "USAGE: unknown command 'nonsense'"],
  ['the same by the verb help', 'help nonsense', 2, "USAGE: unknown command 'nonsense'"],
  ['two inputs', 'carbon intensity-forecast --data @/table.csv --input @/table.csv', 2, "USAGE: option '--data <file>' cannot be used with option '--input <file>'"],
  ['a comma too many', 'carbon window --input @/comma.json', 1, 'INPUT_NOT_JSON: expected JSON: a name in double quotes in line 3, column 1, got "}"'],
  ['a key where an input should be', 'carbon window --input @/some.key', 1, 'INPUT_NOT_JSON: expected JSON: a value in line 1, column 1, got "g"'],
  ['a key file of two lines', 'wallet show --key-file @/two-lines.key', 1, 'KEY_FILE_MALFORMED: expected one line with an API key in @/two-lines.key, got 22 characters with space, line ends or others that no key has'],
  ['an empty key file', 'wallet show --key-file @/empty.key', 1, 'KEY_FILE_MALFORMED: expected one line with an API key in @/empty.key, got an empty file'],
  ['a transcript for a log of decisions', `audit verify ${TRANSCRIPT}`, 1, 'FILE_KIND: expected a log of decisions, as `audit verify` reads it, got what seems to be the transcript of a task (gridcommons verify-transcript)'],
  ['a transcript for a report', `carbon verify ${TRANSCRIPT}`, 1, 'FILE_KIND: expected a report of emissions as JSON, as `carbon verify` reads it, got what seems to be the transcript of a task (gridcommons verify-transcript)'],
  ['a table for a transcript', 'verify-transcript @/table.csv', 1, 'FILE_KIND: expected the transcript of a task, as `verify-transcript` reads it, got what seems to be a CSV table'],
  ['a Green Button file without readings', 'convert green-button @/no-readings.xml', 1, 'ESPI_EMPTY: expected readings (IntervalReading) or a UsageSummary, got a document of neither'],
  ['an option too few', 'series create --key load', 2, "USAGE: required option '--unit <unit>' not specified"],
  ['a file that there is not', 'carbon window --input @/none.json', 1, 'FILE_UNREADABLE: expected to read @/none.json, got no such file'],
  ['a key that is written wrong', 'carbon window --input @/unknown.json', 1, 'INPUT_KEY_UNKNOWN: expected no unknown key, got contigous'],
  ['a word for a number', 'market clear --mechanism uniform-price --input @/word.json', 1, 'INPUT_INVALID: expected input as --schema says, got orders[0].price: expected a decimal number, got "dear"'],
  ['a mechanism that there is not', 'market clear --mechanism auction --input @/word.json', 2, "USAGE: option '--mechanism <mechanism>' argument 'auction' is invalid. Allowed choices are uniform-price, pay-as-bid, pay-as-limit, vcg, mcafee, trade-reduction, sbb-trade-reduction, muda-vickrey, muda-lottery, continuous-double-auction, p2p-bilateral, demand-curves, block-orders."],
  ['more load than a network carries', 'market network dlmp --input @/network.json', 1, 'NETWORK_INFEASIBLE: expected a dispatch within all limits, got none: voltage of north; line grid–north'],
  ['a series shorter than the horizon', 'forecast backtest --data @/short.csv --lookback 12 --horizon 24 --split 7:1:2', 1, 'TEST_EMPTY: expected at least 24 steps (the horizon) with values of load_kwh in the test part, got 9 steps: give a longer series, a shorter horizon or another split'],
  ['a table without a time', 'participant import @/no-time.csv --dir @/site', 1, 'CSV_HEADER: line 1, column 1: expected a comma-separated header with timestamp and at least one column whose name ends in a unit (load_kwh, price_eur_per_mwh, temperature_c), got "name,load_kwh"'],
  ['local times of no zone', 'participant import @/no-zone.csv --dir @/site', 1, 'CSV_ZONE_REQUIRED: line 2, column 1: got a local time without an offset: declare the zone it is in (--zone Europe/Berlin)'],
  ['an amount of euros for cents', 'wallet deposit x --currency EUR --amount 12.50 --reference x', 2, "USAGE: option '--amount <minor>' argument '12.50' is invalid. Expected a whole number of minor units: 1250 for 12.50 EUR."],
  ['a carrier that there is not', 'catalogue search --carrier STEAM', 2, "USAGE: option '--carrier <carrier>' argument 'STEAM' is invalid. Allowed choices are ELECTRICITY, GAS, HEAT, OIL, WATER."],
  ['an address without its scheme', 'wallet show --platform localhost:3000 --key-file @/some.key', 1, 'CONFIG_VALUE_INVALID: expected an address such as http://127.0.0.1:3000, without a query, in --platform'],
  ['no document for a verb that needs one', 'catalogue publish', 2, "USAGE: missing required argument 'file'"],
];

/** The same, asked of a platform that runs. Without another key it is the firm's; %S is a series of it. */
// prettier-ignore
export const ASKED: readonly Wrong[] = [
  ['a platform that does not answer', 'wallet show --platform http://127.0.0.1:61999 --key-file @/firm.key', 3, 'PLATFORM_UNAVAILABLE: expected the platform at http://127.0.0.1:61999, got nobody that listens there: does it run, and is it this address?'],
  ['a key that there is not', 'wallet show --key-file @/some.key', 1, 'UNAUTHENTICATED: expected a valid API key, got another one'],
  ['a key of another role', 'catalogue publish @/euro.json --key-file @/analyst.key', 1, 'ROLE_MISSING: expected role firm, got analyst'],
  ['a title for an id', 'catalogue show load', 1, 'DATA_SET_NOT_FOUND: expected a data set, got none of this id'],
  ['a price below nothing', 'catalogue publish @/negative.json', 1, 'PRICE_AMOUNT: expected amountMinor: a whole number from 1 to 1000000000, got -5'],
  ['a price beyond the bounds', 'catalogue publish @/dear.json', 1, 'PRICE_AMOUNT: expected amountMinor: a whole number from 1 to 1000000000, got 1000000000000'],
  ['a sign for a currency', 'catalogue publish @/euro.json', 1, 'CURRENCY_UNKNOWN: expected a currency as in ISO 4217, such as EUR, got "€"'],
  ['a unit that there is not', 'series create --key x --unit kwh --zone Europe/Berlin --resolution PT15M --declare-open', 1, 'UNIT_UNKNOWN: expected a unit of J, kJ, MJ, GJ, Wh, kWh, MWh, GWh, Btu, therm, W, kW, MW, GW, m3, l, ft3, US gal, imp gal, °C, g/kWh, kg/MWh, g, kg, t, got "kwh"'],
  ['a city for a zone', 'series create --key x --unit kWh --zone Berlin --resolution PT15M --declare-open', 1, 'ZONE_UNKNOWN: expected an IANA time zone, got "Berlin"'],
  ['minutes for a step', 'series create --key x --unit kWh --zone Europe/Berlin --resolution 15min --declare-open', 1, 'RESOLUTION_UNKNOWN: expected a resolution of PT1M, PT5M, PT10M, PT15M, PT20M, PT30M, PT1H, P1D, got "15min"'],
  ['a date as it is written in Germany', 'series read %S --from 01.01.2026 --until 02.01.2026', 1, 'INSTANT_MALFORMED: expected ISO 8601 with an offset, of the years 1 to 9999, got "01.01.2026"'],
  ['an end before the beginning', 'series read %S --from 2026-01-02T00:00Z --until 2026-01-01T00:00Z', 1, 'SERIES_INTERVAL: expected an end after the beginning and at most 1100000 intervals of PT15M, got 2026-01-02T00:00:00Z to 2026-01-01T00:00:00Z'],
  ['a local time that there was twice', 'series upload %S @/twice.csv', 1, 'SERIES_ROWS_REFUSED: expected readings alone, got 1 rows that are none (the first after the header is row 1): row 2 START_AMBIGUOUS: expected an offset, got a local time that occurs twice where clocks go back: "2026-10-25T02:30"'],
  ['another column for the values', 'series upload %S @/twice.csv --value-column kwh', 1, 'CSV_HEADER: line 1, column 1: expected a header with "start" and "kwh", each name once, got "start,value"'],
];

/** What is done, the document and variables as the console sends them, by whom, and what the console shows. */
type Sent = readonly [
  what: string,
  document: string,
  variables: (of: { readonly negotiationId: string; readonly offerId: string }) => object,
  by: 'provider' | 'consumer' | 'analyst' | 'nobody',
  told: string,
];

// prettier-ignore
export const CONSOLE: readonly Sent[] = [
  ['a key that was revoked or never given', 'query Negotiations { negotiations(first: 50) { edges { node { id } } } }', () => ({}), 'nobody', 'UNAUTHENTICATED: expected a valid API key, got another one'],
  ['a data set by a link that is cut off', 'query DataSet($id: ID!) { dataSet(id: $id) { title } }', () => ({ id: '1f0c' }), 'consumer', 'DATA_SET_NOT_FOUND: expected a data set, got none of this id'],
  ['an offer asked for by its own provider', 'mutation RequestNegotiation($input: RequestNegotiationInput!) { requestNegotiation(input: $input) { id state } }', ({ offerId }) => ({ input: { offerId, consumerPid: 'urn:own' } }), 'provider', 'NEGOTIATION_WITH_SELF: expected an offer of another, got an own one'],
  ['an answer out of turn', 'mutation AcceptOffer($id: ID!) { acceptOffer(negotiationId: $id) { id } }', ({ negotiationId }) => ({ id: negotiationId }), 'consumer', 'TRANSITION_REFUSED: expected of the consumer in state REQUESTED what leads to TERMINATED, got ContractNegotiationEventMessage:ACCEPTED, which leads to ACCEPTED'],
  ['an answer of the other side', 'mutation Agree($id: ID!) { agree(negotiationId: $id) { id } }', ({ negotiationId }) => ({ id: negotiationId }), 'consumer', 'PARTY_OTHER: expected the provider, got the consumer'],
  ['a key made by who is no admin', 'mutation CreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }', () => ({ input: { memberName: 'desk', roles: ['analyst'] } }), 'analyst', 'ROLE_MISSING: expected role admin or operator, got analyst'],
];
