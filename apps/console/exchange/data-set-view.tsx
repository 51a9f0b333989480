import { Link } from 'wouter';
import { useApi, useChange } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { DataSetQuery } from '../generated/graphql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { instant, number, words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, Failure, QueryView } from '../parts/query-view.tsx';
import { priceText } from './price.ts';

const DATA_SET = graphql(`
  query DataSet($id: ID!) {
    dataSet(id: $id) {
      title
      description
      carrier
      kind
      licence
      zone
      resolution
    }
    dataOffers(dataSetId: $id, first: 50) {
      edges {
        node {
          id
          price
          validFrom
          validUntil
          status
          terms {
            enforcement
            text
          }
        }
      }
    }
    dataSetVersions(dataSetId: $id, first: 20) {
      edges {
        node {
          id
          number
          start
          end
          bytes
          columns {
            name
            unit
          }
          findings {
            code
            count
            message
          }
          sample
        }
      }
    }
  }
`);

const REQUEST = graphql(`
  mutation RequestNegotiation($input: RequestNegotiationInput!) {
    requestNegotiation(input: $input) {
      id
      state
    }
  }
`);

type Offer = DataSetQuery['dataOffers']['edges'][number]['node'];
type Version = DataSetQuery['dataSetVersions']['edges'][number]['node'];
const words = messages.exchange;

/** A data set with its terms in plain words and what is doubtful in it, before anybody pays. */
export function DataSetView({ id }: { readonly id: string }) {
  const dataSet = useApi(DATA_SET, { id });
  return (
    <QueryView query={dataSet}>
      {(data) => (
        <>
          <Card title={data.dataSet.title}>
            <p>{data.dataSet.description}</p>
            <p className="soft">
              {plain(data.dataSet.carrier)}, {plain(data.dataSet.kind)}, {data.dataSet.licence},{' '}
              {data.dataSet.resolution ?? ''} {data.dataSet.zone}
            </p>
            <Link href="/exchange">{words.back}</Link>
          </Card>
          <Card title={words.offers}>
            {data.dataOffers.edges.length === 0 && <p className="soft">{words.noOffers}</p>}
            {data.dataOffers.edges.map(({ node }) => (
              <OfferTerms key={node.id} offer={node} />
            ))}
          </Card>
          <Card title={words.versions}>
            {data.dataSetVersions.edges.length === 0 && <p className="soft">{words.noVersions}</p>}
            {data.dataSetVersions.edges.map(({ node }) => (
              <VersionView key={node.id} version={node} />
            ))}
          </Card>
        </>
      )}
    </QueryView>
  );
}

function OfferTerms({ offer }: { readonly offer: Offer }) {
  const negotiation = useChange(REQUEST);
  const ask = () =>
    negotiation.mutate({ input: { offerId: offer.id, consumerPid: `console-${crypto.randomUUID()}` } });
  return (
    <section aria-label={priceText(offer.price)}>
      <h3>{priceText(offer.price)}</h3>
      <p className="soft">
        {words.valid}: {instant(offer.validFrom)} – {instant(offer.validUntil)}
      </p>
      <ul>
        {offer.terms.map(({ enforcement, text }) => (
          <li key={text}>
            {text}{' '}
            <span
              className={`badge ${enforcement === 'TECHNICAL' ? 'good' : 'warn'}`}
              title={enforcement === 'TECHNICAL' ? words.technical : words.contractual}
            >
              {enforcement}
            </span>
          </li>
        ))}
      </ul>
      <button type="button" className="primary" disabled={negotiation.isPending} onClick={ask}>
        {words.request}
      </button>
      {negotiation.isError && <Failure error={negotiation.error} />}
      {negotiation.data !== undefined && (
        <p role="status" className="good">
          {words.state}: {plain(negotiation.data.requestNegotiation.state)}.{' '}
          <Link href="/exchange">{words.negotiations}</Link>
        </p>
      )}
    </section>
  );
}

function VersionView({ version }: { readonly version: Version }) {
  const { findings } = version;
  return (
    <section aria-label={`${words.versions} ${version.number}`}>
      <h3>#{version.number}</h3>
      <p>
        {words.period}: {instant(version.start)} – {instant(version.end)}, {number(version.bytes)} bytes
      </p>
      <p>
        {words.columns}:{' '}
        {version.columns.map(({ name, unit }) => (unit ? `${name} (${unit})` : name)).join(', ')}
      </p>
      {findings.length === 0 ? (
        <p className="soft">
          {words.findings}: {words.noFindings}
        </p>
      ) : (
        <DataTable
          caption={words.findings}
          rows={findings}
          keyOf={({ code }) => code}
          columns={[
            { title: words.findings, value: ({ code }) => code },
            { title: 'Count', value: ({ count }) => count },
            { title: 'Message', value: ({ message }) => message },
          ]}
        />
      )}
      <details>
        <summary>{words.sample}</summary>
        <pre tabIndex={0}>{JSON.stringify(version.sample, null, 1)}</pre>
      </details>
    </section>
  );
}
