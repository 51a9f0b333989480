import type { UseQueryResult } from '@tanstack/react-query';
import { useAllPages, useApi } from '../api/use-api.ts';
import type { ApiError } from '../api/request.ts';
import { graphql } from '../generated/gql.ts';
import type { HostedSeriesListQuery, SeriesReadingsQuery } from '../generated/graphql.ts';

const SERIES = graphql(`
  query HostedSeriesList($after: String) {
    allHostedSeries(first: 100, after: $after) {
      edges {
        node {
          id
          key
          unit
          organisationId
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const OWN = graphql(`
  query SeriesOwner {
    me {
      organisation {
        id
      }
    }
  }
`);

const READINGS = graphql(`
  query SeriesReadings(
    $seriesId: ID!
    $from: DateTime!
    $until: DateTime!
    $resolution: String
    $after: String
  ) {
    seriesReadings(
      seriesId: $seriesId
      from: $from
      until: $until
      resolution: $resolution
      first: 100
      after: $after
    ) {
      edges {
        node {
          start
          value
          known
          expected
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type OwnSeries = HostedSeriesListQuery['allHostedSeries']['edges'][number]['node'];
export type Reading = SeriesReadingsQuery['seriesReadings']['edges'][number]['node'];

/** Whose key is in use; undefined until it is known. */
export const useOwnOrganisation = (): string | undefined => useApi(OWN, {}).data?.me.organisation.id;

/** Series that the own organisation has measured here; those of others may cost something to read. */
export function useOwnSeries(): readonly OwnSeries[] {
  const series = useAllPages(SERIES, {}, (answer) => answer.allHostedSeries);
  const own = useOwnOrganisation();
  return series.data?.filter(({ organisationId }) => organisationId === own) ?? [];
}

/** Of an interval at a resolution; `null`: of none. */
export function useReadings(
  of: {
    readonly seriesId: string;
    readonly from: string;
    readonly until: string;
    readonly resolution: string;
  } | null,
): UseQueryResult<Reading[], ApiError> {
  return useAllPages(READINGS, of, (answer) => answer.seriesReadings);
}
