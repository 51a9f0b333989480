import { useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { clockTime, kilowattHours, pricePerKwh, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { Network } from './network.tsx';
import type { Session, Slot } from './session.ts';
import { clearingOption, pricesOption } from './slot-options.ts';

const SLOTS = graphql(`
  query MarketSlots($sessionId: ID!) {
    marketClearingReport(sessionId: $sessionId) {
      slots {
        startsAt
        quantityWh
        pricePerMwh
        setBy
        reason
        withheld
        unservedDemandWh
        unusedSupplyWh
        efficientPriceInterval {
          lowPerMwh
          highPerMwh
        }
      }
    }
  }
`);

const words = messages.market;

/** Price and quantity by slot, the clearing point of the one chosen, and its feeder. */
export function Slots({ session }: { readonly session: Session }) {
  const report = useApi(SLOTS, { sessionId: session.id });
  return (
    <Card title={words.prices}>
      <QueryView query={report} isEmpty={(data) => data.marketClearingReport.slots.length === 0}>
        {(data) => <Cleared session={session} slots={data.marketClearingReport.slots} />}
      </QueryView>
    </Card>
  );
}

function Cleared({ session, slots }: { readonly session: Session; readonly slots: readonly Slot[] }) {
  const { currency, zone } = session;
  const largest = slots.reduce((best, slot) => (slot.quantityWh > best.quantityWh ? slot : best));
  const [chosen, choose] = useState(largest.startsAt);
  const slot = slots.find(({ startsAt }) => startsAt === chosen) ?? largest;
  const { lowPerMwh, highPerMwh } = slot.efficientPriceInterval;
  const table = (
    <DataTable
      caption={words.prices}
      rows={slots}
      keyOf={({ startsAt }) => startsAt}
      columns={[
        { title: words.slot, value: ({ startsAt }) => clockTime(startsAt, zone) },
        { title: words.traded, value: ({ quantityWh }) => kilowattHours(quantityWh) },
        { title: words.price, value: ({ pricePerMwh }) => pricePerKwh(pricePerMwh, currency) },
        { title: words.why, value: ({ setBy, reason }) => plain(setBy ?? reason) },
        { title: words.unserved, value: ({ unservedDemandWh }) => kilowattHours(unservedDemandWh) },
        { title: words.unused, value: ({ unusedSupplyWh }) => kilowattHours(unusedSupplyWh) },
      ]}
    />
  );
  return (
    <>
      <Chart
        title={words.prices}
        heading={false}
        text={words.pricesText(slots.length, kilowattHours(session.tradedWh))}
        option={pricesOption(slots, session)}
      >
        {table}
      </Chart>
      <label>
        {words.slot}
        <select value={slot.startsAt} onChange={({ target }) => choose(target.value)}>
          {slots.map(({ startsAt }) => (
            <option key={startsAt} value={startsAt}>
              {clockTime(startsAt, zone)}
            </option>
          ))}
        </select>
      </label>
      <Chart
        title={words.curve}
        text={
          slot.withheld == null
            ? words.curveText(pricePerKwh(lowPerMwh, currency), pricePerKwh(highPerMwh, currency))
            : words.curveWithheld(kilowattHours(slot.quantityWh), pricePerKwh(slot.pricePerMwh, currency))
        }
        option={clearingOption(slot, session)}
      >
        <DataTable
          caption={words.curve}
          rows={[slot]}
          keyOf={({ startsAt }) => startsAt}
          columns={[
            { title: words.traded, value: ({ quantityWh }) => quantityWh },
            { title: words.price, value: ({ pricePerMwh }) => pricePerMwh ?? null },
          ]}
        />
      </Chart>
      {session.feederId !== null && session.feederId !== undefined && (
        <Network session={session} feederId={session.feederId} slot={slot} />
      )}
    </>
  );
}
