import { useState } from 'react';
import { useApi, useLive } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { clockTime, instant, kilowattHours, pricePerKwh } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { depthOption, slotStarts } from './book-depth.ts';
import type { Session } from './session.ts';

const BOOK = graphql(`
  query IntradayBook($sessionId: ID!, $startsAt: DateTime!) {
    intradayBook(sessionId: $sessionId, startsAt: $startsAt, depth: 20) {
      open
      gateClosesAt
      lastPricePerMwh
      tradedWh
      bids {
        pricePerMwh
        quantityWh
      }
      asks {
        pricePerMwh
        quantityWh
      }
    }
  }
`);

const CHANGED = graphql(`
  subscription IntradayBookChanged($sessionId: ID!) {
    intradayBookChanged(sessionId: $sessionId, depth: 1) {
      cursor
    }
  }
`);

const words = messages.market;

/** The book of a slot in sums by price, live; who stands behind a level is nobody else's business. */
export function OrderBook({ session }: { readonly session: Session }) {
  const hasBooks = session.intradayLeadMinutes !== null && session.intradayLeadMinutes !== undefined;
  return (
    <Card title={words.book}>
      {hasBooks && session.tradedWh !== null ? (
        <SlotBook session={session} />
      ) : (
        <p className="soft">{hasBooks ? words.bookLater : words.noBook}</p>
      )}
    </Card>
  );
}

function SlotBook({ session }: { readonly session: Session }) {
  const { id, zone, currency } = session;
  const starts = slotStarts(session);
  const [chosen, choose] = useState(
    () => starts.find((start) => Date.parse(start) > Date.now()) ?? starts[0]!,
  );
  const isLive = useLive(CHANGED, { sessionId: id });
  const book = useApi(BOOK, { sessionId: id, startsAt: chosen });
  return (
    <>
      {!isLive && <p className="warn">{messages.states.stale}</p>}
      <label>
        {words.bookSlot}
        <select value={chosen} onChange={({ target }) => choose(target.value)}>
          {starts.map((start) => (
            <option key={start} value={start}>
              {clockTime(start, zone)}
            </option>
          ))}
        </select>
      </label>
      <QueryView query={book}>
        {({ intradayBook }) => {
          const { bids, asks, open, gateClosesAt, lastPricePerMwh, tradedWh } = intradayBook;
          const rows = [
            ...asks.toReversed().map((level) => ({ ...level, side: words.asks })),
            ...bids.map((level) => ({ ...level, side: words.bids })),
          ];
          const last = pricePerKwh(lastPricePerMwh, currency);
          const table = (
            <DataTable
              caption={words.book}
              rows={rows}
              keyOf={({ side, pricePerMwh }) => `${side} ${pricePerMwh}`}
              columns={[
                { title: words.side, value: ({ side }) => side },
                { title: words.price, value: ({ pricePerMwh }) => pricePerKwh(pricePerMwh, currency) },
                { title: words.waiting, value: ({ quantityWh }) => kilowattHours(quantityWh) },
              ]}
            />
          );
          return (
            <>
              <p>{(open ? words.bookOpen : words.bookClosed)(instant(gateClosesAt, zone))}</p>
              <p>{words.bookTraded(kilowattHours(tradedWh), last)}</p>
              {rows.length === 0 ? (
                <p className="soft">{words.bookEmpty}</p>
              ) : (
                <Chart
                  title={words.book}
                  heading={false}
                  text={words.bookText(
                    pricePerKwh(bids[0]?.pricePerMwh, currency),
                    pricePerKwh(asks[0]?.pricePerMwh, currency),
                  )}
                  option={depthOption(intradayBook, currency)}
                >
                  {table}
                </Chart>
              )}
            </>
          );
        }}
      </QueryView>
    </>
  );
}
