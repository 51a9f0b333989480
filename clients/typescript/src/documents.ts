import { graphql } from './generated/index.ts';

export const ME = graphql(`
  query ClientMe {
    me {
      id
      kind
      roles
      organisation {
        id
        name
      }
    }
  }
`);

export const PRODUCTS = graphql(`
  query ClientProducts($first: Int, $after: String) {
    forecastProducts(first: $first, after: $after) {
      edges {
        node {
          id
          name
          series
          zone
          resolution
          stepMinutes
          horizon
          organisationId
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const FORECASTS = graphql(`
  query ClientForecasts(
    $series: ForecastSeries
    $productId: ID
    $organisationIds: [ID!]
    $from: DateTime
    $to: DateTime
    $latest: Boolean
    $asOf: DateTime
    $first: Int
    $after: String
  ) {
    forecasts(
      series: $series
      productId: $productId
      organisationIds: $organisationIds
      from: $from
      to: $to
      latest: $latest
      asOf: $asOf
      first: $first
      after: $after
    ) {
      edges {
        node {
          id
          organisationId
          participantId
          productId
          series
          intervalStart
          resolution
          version
          unit
          p10
          p50
          p90
          p10Wh
          p50Wh
          p90Wh
          issuedAt
          publishedAt
          modelHash
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const FORECAST_PUBLISHED = graphql(`
  subscription ClientForecastPublished(
    $series: ForecastSeries
    $productId: ID
    $organisationIds: [ID!]
    $after: String
  ) {
    forecastPublished(
      series: $series
      productId: $productId
      organisationIds: $organisationIds
      after: $after
    ) {
      cursor
      node {
        id
        organisationId
        participantId
        productId
        series
        intervalStart
        resolution
        version
        unit
        p10
        p50
        p90
        p10Wh
        p50Wh
        p90Wh
        issuedAt
        publishedAt
        modelHash
      }
      notices {
        code
        organisationId
        series
        termsId
        from
        to
      }
    }
  }
`);

export const SESSIONS = graphql(`
  query ClientSessions($first: Int, $after: String) {
    marketSessions(first: $first, after: $after) {
      edges {
        node {
          id
          state
          phase
          product
          mechanism
          currency
          zone
          startsAt
          endsAt
          resolutionMinutes
          gateClosesAt
          retailPerMwh
          feedInPerMwh
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const SESSION_CHANGED = graphql(`
  subscription ClientSessionChanged($sessionId: ID!, $after: String) {
    marketSessionChanged(sessionId: $sessionId, after: $after) {
      cursor
      session {
        id
        state
        phase
        tradeCount
        tradedWh
        gateClosesAt
        settledAt
      }
    }
  }
`);

export const PLACE_ORDERS = graphql(`
  mutation ClientPlaceOrders($input: SubmitOrdersInput!) {
    submitOrders(input: $input) {
      accepted
      unchanged
    }
  }
`);

export const STATE_DELIVERIES = graphql(`
  mutation ClientStateDeliveries($input: SubmitDeliveryStatementsInput!) {
    submitDeliveryStatements(input: $input) {
      accepted
      unchanged
    }
  }
`);

export const TRADES = graphql(`
  query ClientTrades($sessionId: ID!, $first: Int, $after: String) {
    marketTrades(sessionId: $sessionId, first: $first, after: $after) {
      edges {
        node {
          id
          startsAt
          venue
          quantityWh
          buyPricePerMwh
          sellPricePerMwh
          buyerParticipantId
          sellerParticipantId
          buyerOrganisationId
          sellerOrganisationId
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const SETTLEMENTS = graphql(`
  query ClientSettlements($sessionId: ID!, $first: Int, $after: String) {
    marketSettlements(sessionId: $sessionId, first: $first, after: $after) {
      edges {
        node {
          participantId
          version
          boughtWh
          soldWh
          shortfallWh
          excessWh
          localMinor
          chargeMinor
          deviationMinor
          savingsMinor
          missingHours
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CATALOGUE = graphql(`
  query ClientCatalogue(
    $search: String
    $kind: DataKind
    $carrier: DataCarrier
    $first: Int
    $after: String
  ) {
    dataSets(search: $search, kind: $kind, carrier: $carrier, first: $first, after: $after) {
      edges {
        node {
          id
          organisationId
          key
          title
          description
          kind
          carrier
          resolution
          zone
          area
          licence
          status
          keywords
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
