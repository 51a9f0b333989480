import { useApi, useLive } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { instant, kilowattHours, money, pricePerKwh, short, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Figure, QueryView } from '../parts/query-view.tsx';
import { Money } from './money.tsx';
import { OrderBook } from './order-book.tsx';
import { Orders } from './orders.tsx';
import type { Session } from './session.ts';
import { Slots } from './slots.tsx';
import { Trades } from './trades.tsx';

const SESSION = graphql(`
  query MarketSession($id: ID!) {
    marketSession(id: $id) {
      id
      state
      phase
      mechanism
      startsAt
      endsAt
      resolutionMinutes
      intradayLeadMinutes
      zone
      currency
      retailPerMwh
      feedInPerMwh
      feederId
      tradedWh
      welfareMinor
      savingsMinor
      settledAt
    }
  }
`);

const CHANGED = graphql(`
  subscription MarketSessionChanged($sessionId: ID!) {
    marketSessionChanged(sessionId: $sessionId) {
      cursor
    }
  }
`);

const words = messages.market;

/** One session, live. */
export function SessionView({ id }: { readonly id: string }) {
  const isLive = useLive(CHANGED, { sessionId: id });
  const session = useApi(SESSION, { id });
  return (
    <QueryView query={session}>
      {({ marketSession }) => (
        <>
          {!isLive && <p className="warn">{messages.states.stale}</p>}
          <Head session={marketSession} />
          {marketSession.tradedWh !== null && <Slots session={marketSession} />}
          <OrderBook session={marketSession} />
          <Orders session={marketSession} />
          {marketSession.tradedWh !== null && <Trades session={marketSession} />}
          <Money session={marketSession} />
        </>
      )}
    </QueryView>
  );
}

function Head({ session }: { readonly session: Session }) {
  const { currency } = session;
  return (
    <Card title={`${words.session} ${short(session.id)}`}>
      <p>
        {words.delivery}: {instant(session.startsAt, session.zone)} – {instant(session.endsAt, session.zone)}
      </p>
      <div className="grid">
        <Figure name={words.state}>{plain(session.phase ?? session.state)}</Figure>
        <Figure name={words.traded}>{kilowattHours(session.tradedWh)}</Figure>
        <Figure name={words.welfare}>{money(session.welfareMinor, currency)}</Figure>
        <Figure name={words.savings}>{money(session.savingsMinor, currency)}</Figure>
      </div>
      <p className="soft">
        {session.mechanism}. {words.retail}: {pricePerKwh(session.retailPerMwh, currency)},{' '}
        {pricePerKwh(session.feedInPerMwh, currency)}
      </p>
    </Card>
  );
}
