/**
 * A market module: buys what a participant's own forecasts expect it to take in the next session, at a price limit in minor
 * units per MWh, waits for the clearing and tells trades and cost, a JSON line each. SITE is the directory that
 * `gridcommons participant init` made.
 *
 *   node examples/buy-on-forecasts.ts http://127.0.0.1:3000 member.key SITE 25000 [PRODUCT]
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GridcommonsClient, type OrderDraft } from '@gridcommons/client';

const MINUTE_MS = 60_000;
const [url = '', keyFile = '', site = '', limit = '', productId] = process.argv.slice(2);
if (limit === '') {
  console.error('usage: node buy-on-forecasts.ts PLATFORM KEY_FILE SITE LIMIT [PRODUCT]');
  process.exit(2);
}
const say = (event: string, told: object): void => console.log(JSON.stringify({ event, ...told }));
const { participantId } = JSON.parse(await readFile(`${site}/enrolment.json`, 'utf8'));
const { signing } = JSON.parse(await readFile(`${site}/identity.json`, 'utf8'));
const participant = { id: String(participantId), privateKey: String(signing.privateKey) };
const client = new GridcommonsClient({ url, apiKey: (await readFile(keyFile, 'utf8')).trim(), participant });

const session = await nextSession();
const slotMs = session.resolutionMinutes * MINUTE_MS;
const [startMs, endMs] = [Date.parse(session.startsAt), Date.parse(session.endsAt)];
const slots = Array.from({ length: (endMs - startMs) / slotMs }, (_, n) => startMs + n * slotMs);

// Forecasts may still come: asks again each minute until five minutes before the gate.
const lastCallMs = Date.parse(session.gateClosesAt ?? session.startsAt) - 5 * MINUTE_MS;
let expectedWh = await forecasts();
for (; expectedWh.size * 60 < slots.length * session.resolutionMinutes && Date.now() < lastCallMs;) {
  await sleep(MINUTE_MS);
  expectedWh = await forecasts();
}
say('placed', { session: session.id, ...(await client.placeOrders(session.id, slots.flatMap(orderOf))) });

for await (const { state } of client.followSession(session.id)) {
  if (state === 'CANCELLED') throw new Error(`expected a clearing, session ${session.id} was cancelled`);
  if (state === 'CLEARED' || state === 'SETTLED') break;
}
let costMinor = 0;
for await (const { startsAt, quantityWh, buyPricePerMwh, ...trade } of client.trades(session.id)) {
  if (trade.buyerParticipantId !== participant.id) continue;
  costMinor += (quantityWh * buyPricePerMwh) / 1_000_000;
  say('bought', { startsAt, quantityWh, buyPricePerMwh });
}
say('done', { costMinor: Math.round(costMinor), currency: session.currency });

async function nextSession() {
  for await (const each of client.sessions())
    if (each.state === 'OPEN' && each.product === 'energy' && each.resolutionMinutes <= 60) return each;
  throw new Error('expected an open session for energy, got none');
}

/** Net energy of each hour by the participant's newest forecasts, Wh. */
async function forecasts(): Promise<Map<number, number>> {
  const filter = { from: session.startsAt, to: session.endsAt, latest: true };
  const of = productId === undefined ? { series: 'net' } : { productId };
  const found = new Map<number, number>();
  for await (const each of client.forecasts({ ...filter, ...of }))
    if (each.participantId === participant.id) found.set(Date.parse(each.intervalStart), each.p50Wh ?? 0);
  return found;
}

/** Its id makes it the same order if this runs again. */
function orderOf(beginMs: number): OrderDraft[] {
  const hourWh = expectedWh.get(beginMs - (beginMs % (60 * MINUTE_MS))) ?? 0;
  const quantityWh = Math.round((hourWh * session.resolutionMinutes) / 60);
  const slot = { start: new Date(beginMs).toISOString(), end: new Date(beginMs + slotMs).toISOString() };
  const order = { side: 'buy', quantityWh, pricePerMwh: Number(limit), slot } as const;
  return quantityWh > 0 ? [{ id: `need-${beginMs}`, ...order }] : [];
}
