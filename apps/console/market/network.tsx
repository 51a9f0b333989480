import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { NetworkClearingsQuery } from '../generated/graphql.ts';
import { Chart } from '../parts/chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { kilowattHours, number, pricePerKwh } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { QueryView } from '../parts/query-view.tsx';
import { busPrices, feederLines, treeOption } from './feeder-tree.ts';
import type { Session, Slot } from './session.ts';

const CLEARINGS = graphql(`
  query NetworkClearings($sessionId: ID!, $after: String) {
    marketClearings(sessionId: $sessionId, first: 100, after: $after) {
      edges {
        node {
          startsAt
          network {
            lowestVoltage
            highestVoltage
            withdrawnWh
            binding
            prices {
              bus
              congestionPerMwh
              voltagePerMwh
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const FEEDER = graphql(`
  query Feeder($id: ID!) {
    feeder(id: $id) {
      name
      busCount
      network
    }
  }
`);

type SlotNetwork = NonNullable<NetworkClearingsQuery['marketClearings']['edges'][number]['node']['network']>;
interface Shown {
  readonly network: SlotNetwork;
  readonly session: Session;
  readonly feederId: string;
  readonly slot: Slot;
}
const words = messages.market;

/** Only its owner is shown a feeder; what binds and what it costs are told to everybody. */
const NOT_OWN = 'FEEDER_UNKNOWN';

/** A slot on the feeder. */
export function Network({ session, feederId, slot }: Omit<Shown, 'network'>) {
  const clearings = useAllPages(CLEARINGS, { sessionId: session.id }, (answer) => answer.marketClearings);
  const of = (rows: readonly { startsAt: string; network?: SlotNetwork | null }[]) =>
    rows.find(({ startsAt }) => startsAt === slot.startsAt)?.network ?? null;
  return (
    <>
      <h3>{words.network}</h3>
      <QueryView query={clearings} isEmpty={(rows) => of(rows) === null} empty={words.noNetwork}>
        {(rows) => <OnFeeder network={of(rows)!} session={session} feederId={feederId} slot={slot} />}
      </QueryView>
    </>
  );
}

function OnFeeder({ network, session, feederId, slot }: Shown) {
  const feeder = useApi(FEEDER, { id: feederId });
  const { lowestVoltage, highestVoltage, withdrawnWh, binding } = network;
  const facts = words.networkFacts(
    number(lowestVoltage),
    number(highestVoltage),
    kilowattHours(withdrawnWh),
    binding.length === 0 ? words.nothingBinds : binding.join(', '),
  );
  if (feeder.error?.code === NOT_OWN) {
    return (
      <>
        <p>{facts}</p>
        <Prices network={network} session={session} slot={slot} buses={[]} />
      </>
    );
  }
  return (
    <QueryView query={feeder}>
      {({ feeder: { name, busCount, network: stored } }) => {
        const lines = feederLines(stored);
        const prices = busPrices(lines?.buses ?? [], network.prices, slot.pricePerMwh ?? null);
        const table = <Prices network={network} session={session} slot={slot} buses={lines?.buses ?? []} />;
        if (lines === null) return table;
        return (
          <Chart
            title={words.network}
            heading={false}
            text={`${name}, ${words.buses(busCount)}. ${facts} ${words.networkText}`}
            option={treeOption(lines, prices, binding, session.currency)}
          >
            {table}
          </Chart>
        );
      }}
    </QueryView>
  );
}

function Prices({
  network,
  session: { currency },
  slot,
  buses,
}: Omit<Shown, 'feederId'> & { readonly buses: readonly string[] }) {
  const rows = busPrices(buses, network.prices, slot.pricePerMwh ?? null);
  if (rows.length === 0) return null;
  return (
    <DataTable
      caption={words.network}
      rows={rows}
      keyOf={({ bus }) => bus}
      columns={[
        { title: words.bus, value: ({ bus }) => bus },
        { title: words.price, value: ({ pricePerMwh }) => pricePerKwh(pricePerMwh, currency) },
        { title: words.congestion, value: ({ congestionPerMwh }) => pricePerKwh(congestionPerMwh, currency) },
        { title: words.voltage, value: ({ voltagePerMwh }) => pricePerKwh(voltagePerMwh, currency) },
      ]}
    />
  );
}
