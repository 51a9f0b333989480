import { Link } from 'wouter';
import { ME } from '../api/me.ts';
import { useAllPages, useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { words as plain } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { Contributors } from './contributors.tsx';
import { HostedSeries } from './hosted-series.tsx';
import { OfferTerms } from './offer-terms.tsx';
import { Versions } from './versions.tsx';

const DATA_SET = graphql(`
  query DataSet($id: ID!) {
    dataSet(id: $id) {
      organisationId
      title
      description
      carrier
      kind
      licence
      zone
      resolution
    }
  }
`);

const OFFERS = graphql(`
  query DataOffers($id: ID!, $after: String) {
    dataOffers(dataSetId: $id, first: 50, after: $after) {
      edges {
        node {
          id
          price
          policy
          validFrom
          validUntil
          status
          terms {
            enforcement
            text
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

const words = messages.exchange;

/** A data set with its terms in plain words and what is doubtful in it, before anybody pays. */
export function DataSetView({ id }: { readonly id: string }) {
  const me = useApi(ME, {});
  const dataSet = useApi(DATA_SET, { id });
  const offers = useAllPages(OFFERS, { id }, (answer) => answer.dataOffers);
  return (
    <QueryView query={dataSet}>
      {({ dataSet: found }) => {
        const isOwn = found.organisationId === me.data?.me.organisation.id;
        return (
          <>
            <Card title={found.title}>
              <p>{found.description}</p>
              <p className="soft">
                {plain(found.carrier)}, {plain(found.kind)}, {found.licence}, {found.resolution ?? ''}{' '}
                {found.zone}
              </p>
              <Link href="/exchange">{words.back}</Link>
            </Card>
            <Card title={words.offers}>
              <QueryView query={offers} isEmpty={(rows) => rows.length === 0} empty={words.noOffers}>
                {(rows) => rows.map((offer) => <OfferTerms key={offer.id} offer={offer} isOwn={isOwn} />)}
              </QueryView>
            </Card>
            <Versions dataSetId={id} />
            <HostedSeries dataSetId={id} />
            <Contributors dataSetId={id} />
          </>
        );
      }}
    </QueryView>
  );
}
