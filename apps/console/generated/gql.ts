/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Overview {\n    platform {\n      version\n      publicKey\n    }\n    me {\n      roles\n      organisation {\n        id\n        name\n        legalId\n      }\n    }\n    participants(first: 100) {\n      edges {\n        node {\n          id\n          organisationId\n          signingKey\n          createdAt\n        }\n      }\n    }\n  }\n": typeof types.OverviewDocument,
    "\n  query AuditEntries {\n    auditEntries(first: 50) {\n      edges {\n        node {\n          index\n          at\n          operation\n          decision\n          code\n          rows\n          bytes\n          hash\n        }\n      }\n    }\n  }\n": typeof types.AuditEntriesDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey {\n        prefix\n        roles\n      }\n    }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  query NewestDelivery {\n    marketSessions(first: 1) {\n      edges {\n        node {\n          startsAt\n        }\n      }\n    }\n  }\n": typeof types.NewestDeliveryDocument,
    "\n  query Certificates {\n    certificates(first: 100) {\n      edges {\n        node {\n          id\n          startsAt\n          area\n          kind\n          technology\n          quantityWh\n          state\n        }\n      }\n    }\n  }\n": typeof types.CertificatesDocument,
    "\n  query GridIntensity($from: DateTime!, $to: DateTime!) {\n    gridIntensity(from: $from, to: $to) {\n      series {\n        source\n        region\n        basis\n      }\n      hours {\n        start\n        kgCo2ePerKwh\n      }\n    }\n  }\n": typeof types.GridIntensityDocument,
    "\n  query Emissions($from: DateTime!, $to: DateTime!) {\n    emissions(from: $from, to: $to, by: all, resolution: day, zone: \"UTC\", account: location) {\n      sums {\n        start\n        account\n        basis\n        scope\n        part\n        carrier\n        grams\n      }\n    }\n  }\n": typeof types.EmissionsDocument,
    "\n  query PublishedReports($from: DateTime!, $to: DateTime!) {\n    publishedReports(from: $from, to: $to, first: 100) {\n      edges {\n        node {\n          id\n          start\n          end\n          version\n          hash\n          methodVersion\n        }\n      }\n    }\n  }\n": typeof types.PublishedReportsDocument,
    "\n  query DataAgreements {\n    dataAgreements(first: 50) {\n      edges {\n        node {\n          id\n          standing\n          price\n          validFrom\n          validUntil\n          hash\n        }\n      }\n    }\n  }\n": typeof types.DataAgreementsDocument,
    "\n  query DataSets($search: String, $carrier: DataCarrier) {\n    dataSets(search: $search, carrier: $carrier, first: 50) {\n      edges {\n        node {\n          id\n          title\n          carrier\n          kind\n          licence\n          listedAt\n        }\n      }\n    }\n  }\n": typeof types.DataSetsDocument,
    "\n  query DataSet($id: ID!) {\n    dataSet(id: $id) {\n      title\n      description\n      carrier\n      kind\n      licence\n      zone\n      resolution\n    }\n    dataOffers(dataSetId: $id, first: 50) {\n      edges {\n        node {\n          id\n          price\n          validFrom\n          validUntil\n          status\n          terms {\n            enforcement\n            text\n          }\n        }\n      }\n    }\n    dataSetVersions(dataSetId: $id, first: 20) {\n      edges {\n        node {\n          id\n          number\n          start\n          end\n          bytes\n          columns {\n            name\n            unit\n          }\n          findings {\n            code\n            count\n            message\n          }\n          sample\n        }\n      }\n    }\n  }\n": typeof types.DataSetDocument,
    "\n  mutation RequestNegotiation($input: RequestNegotiationInput!) {\n    requestNegotiation(input: $input) {\n      id\n      state\n    }\n  }\n": typeof types.RequestNegotiationDocument,
    "\n  query Negotiations {\n    me {\n      organisation {\n        id\n      }\n    }\n    negotiations(first: 50) {\n      edges {\n        node {\n          id\n          state\n          consumerId\n          price\n          changedAt\n          reasonCode\n        }\n      }\n    }\n  }\n": typeof types.NegotiationsDocument,
    "\n  subscription NegotiationChanged {\n    negotiationChanged {\n      cursor\n    }\n  }\n": typeof types.NegotiationChangedDocument,
    "\n  mutation AcceptOffer($id: ID!) {\n    acceptOffer(negotiationId: $id) {\n      id\n    }\n  }\n": typeof types.AcceptOfferDocument,
    "\n  mutation Agree($id: ID!) {\n    agree(negotiationId: $id) {\n      id\n    }\n  }\n": typeof types.AgreeDocument,
    "\n  mutation VerifyAgreement($id: ID!) {\n    verifyAgreement(negotiationId: $id) {\n      id\n    }\n  }\n": typeof types.VerifyAgreementDocument,
    "\n  mutation FinaliseAgreement($id: ID!) {\n    finaliseAgreement(negotiationId: $id) {\n      id\n    }\n  }\n": typeof types.FinaliseAgreementDocument,
    "\n  mutation TerminateNegotiation($id: ID!) {\n    terminateNegotiation(negotiationId: $id, code: \"NOT_WANTED\") {\n      id\n    }\n  }\n": typeof types.TerminateNegotiationDocument,
    "\n  query Tasks {\n    tasks(first: 50) {\n      edges {\n        node {\n          id\n          phase\n          round\n          uploads\n          createdAt\n        }\n      }\n    }\n  }\n": typeof types.TasksDocument,
    "\n  subscription TasksChanged {\n    tasksChanged {\n      index\n    }\n  }\n": typeof types.TasksChangedDocument,
    "\n  query Task($id: ID!) {\n    task(id: $id) {\n      id\n      phase\n      round\n      uploads\n      decryptors\n      windowEndsAt\n      awaited\n      cardHash\n      headHash\n      headIndex\n      privacy {\n        epsilon\n        delta\n      }\n      failure {\n        code\n      }\n      releases {\n        step\n        final\n        modelHash\n        cohort\n        metrics {\n          trainLoss\n          validationLoss\n          validationMae\n        }\n      }\n    }\n  }\n": typeof types.TaskDocument,
    "\n  subscription TaskChanged($taskId: ID!) {\n    taskChanged(taskId: $taskId) {\n      index\n    }\n  }\n": typeof types.TaskChangedDocument,
    "\n  query Transcript($taskId: ID!, $after: Int!) {\n    transcript(taskId: $taskId, after: $after, first: 100) {\n      index\n      previous\n      message\n      hash\n    }\n  }\n": typeof types.TranscriptDocument,
    "\n  query OwnOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": typeof types.OwnOrganisationDocument,
    "\n  query Forecasts($series: ForecastSeries!, $after: String) {\n    forecasts(series: $series, latest: true, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n          participantId\n          intervalStart\n          issuedAt\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ForecastsDocument,
    "\n  query ForecastProducts {\n    forecastProducts(first: 20) {\n      edges {\n        node {\n          id\n          name\n          series\n          resolution\n          champion {\n            modelHash\n            kind\n          }\n        }\n      }\n    }\n  }\n": typeof types.ForecastProductsDocument,
    "\n  query ModelDayScores($productId: ID!) {\n    modelDayScores(productId: $productId, first: 100) {\n      edges {\n        node {\n          day\n          modelHash\n          mase\n          coverage\n          organisations\n        }\n      }\n    }\n  }\n": typeof types.ModelDayScoresDocument,
    "\n  query MarketSessions {\n    marketSessions(first: 50) {\n      edges {\n        node {\n          id\n          state\n          startsAt\n          zone\n          currency\n          mechanism\n          tradedWh\n          savingsMinor\n        }\n      }\n    }\n  }\n": typeof types.MarketSessionsDocument,
    "\n  query MarketSettlements($sessionId: ID!) {\n    marketSettlements(sessionId: $sessionId, history: false, first: 100) {\n      edges {\n        node {\n          participantId\n          boughtWh\n          soldWh\n          localMinor\n          deviationMinor\n          savingsMinor\n        }\n      }\n    }\n  }\n": typeof types.MarketSettlementsDocument,
    "\n  query SessionShares($sessionId: ID!, $method: SharingMethod!) {\n    sessionShares(sessionId: $sessionId, method: $method, first: 100) {\n      surplusMinor\n      shares {\n        edges {\n          node {\n            participantId\n            savedMinor\n            shareMinor\n          }\n        }\n      }\n    }\n  }\n": typeof types.SessionSharesDocument,
    "\n  query MarketSession($id: ID!) {\n    marketSession(id: $id) {\n      id\n      state\n      phase\n      mechanism\n      startsAt\n      endsAt\n      zone\n      currency\n      retailPerMwh\n      feedInPerMwh\n      feederId\n      tradedWh\n      welfareMinor\n      savingsMinor\n      settledAt\n    }\n  }\n": typeof types.MarketSessionDocument,
    "\n  subscription MarketSessionChanged($sessionId: ID!) {\n    marketSessionChanged(sessionId: $sessionId) {\n      cursor\n    }\n  }\n": typeof types.MarketSessionChangedDocument,
    "\n  query MarketSlots($sessionId: ID!) {\n    marketClearingReport(sessionId: $sessionId) {\n      slots {\n        startsAt\n        quantityWh\n        pricePerMwh\n        setBy\n        reason\n        withheld\n        unservedDemandWh\n        unusedSupplyWh\n        efficientPriceInterval {\n          lowPerMwh\n          highPerMwh\n        }\n      }\n    }\n    marketClearings(sessionId: $sessionId, first: 100) {\n      edges {\n        node {\n          startsAt\n          network {\n            lowestVoltage\n            highestVoltage\n            prices {\n              bus\n              congestionPerMwh\n              voltagePerMwh\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.MarketSlotsDocument,
    "\n  query MarketTrades($sessionId: ID!) {\n    me {\n      organisation {\n        id\n      }\n    }\n    marketTrades(sessionId: $sessionId, first: 100) {\n      edges {\n        node {\n          id\n          startsAt\n          quantityWh\n          buyPricePerMwh\n          sellPricePerMwh\n          buyerOrganisationId\n          sellerOrganisationId\n          venue\n        }\n      }\n    }\n  }\n": typeof types.MarketTradesDocument,
    "\n  query Me {\n    me {\n      id\n      roles\n      organisation {\n        id\n        name\n      }\n    }\n  }\n": typeof types.MeDocument,
};
const documents: Documents = {
    "\n  query Overview {\n    platform {\n      version\n      publicKey\n    }\n    me {\n      roles\n      organisation {\n        id\n        name\n        legalId\n      }\n    }\n    participants(first: 100) {\n      edges {\n        node {\n          id\n          organisationId\n          signingKey\n          createdAt\n        }\n      }\n    }\n  }\n": types.OverviewDocument,
    "\n  query AuditEntries {\n    auditEntries(first: 50) {\n      edges {\n        node {\n          index\n          at\n          operation\n          decision\n          code\n          rows\n          bytes\n          hash\n        }\n      }\n    }\n  }\n": types.AuditEntriesDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey {\n        prefix\n        roles\n      }\n    }\n  }\n": types.CreateApiKeyDocument,
    "\n  query NewestDelivery {\n    marketSessions(first: 1) {\n      edges {\n        node {\n          startsAt\n        }\n      }\n    }\n  }\n": types.NewestDeliveryDocument,
    "\n  query Certificates {\n    certificates(first: 100) {\n      edges {\n        node {\n          id\n          startsAt\n          area\n          kind\n          technology\n          quantityWh\n          state\n        }\n      }\n    }\n  }\n": types.CertificatesDocument,
    "\n  query GridIntensity($from: DateTime!, $to: DateTime!) {\n    gridIntensity(from: $from, to: $to) {\n      series {\n        source\n        region\n        basis\n      }\n      hours {\n        start\n        kgCo2ePerKwh\n      }\n    }\n  }\n": types.GridIntensityDocument,
    "\n  query Emissions($from: DateTime!, $to: DateTime!) {\n    emissions(from: $from, to: $to, by: all, resolution: day, zone: \"UTC\", account: location) {\n      sums {\n        start\n        account\n        basis\n        scope\n        part\n        carrier\n        grams\n      }\n    }\n  }\n": types.EmissionsDocument,
    "\n  query PublishedReports($from: DateTime!, $to: DateTime!) {\n    publishedReports(from: $from, to: $to, first: 100) {\n      edges {\n        node {\n          id\n          start\n          end\n          version\n          hash\n          methodVersion\n        }\n      }\n    }\n  }\n": types.PublishedReportsDocument,
    "\n  query DataAgreements {\n    dataAgreements(first: 50) {\n      edges {\n        node {\n          id\n          standing\n          price\n          validFrom\n          validUntil\n          hash\n        }\n      }\n    }\n  }\n": types.DataAgreementsDocument,
    "\n  query DataSets($search: String, $carrier: DataCarrier) {\n    dataSets(search: $search, carrier: $carrier, first: 50) {\n      edges {\n        node {\n          id\n          title\n          carrier\n          kind\n          licence\n          listedAt\n        }\n      }\n    }\n  }\n": types.DataSetsDocument,
    "\n  query DataSet($id: ID!) {\n    dataSet(id: $id) {\n      title\n      description\n      carrier\n      kind\n      licence\n      zone\n      resolution\n    }\n    dataOffers(dataSetId: $id, first: 50) {\n      edges {\n        node {\n          id\n          price\n          validFrom\n          validUntil\n          status\n          terms {\n            enforcement\n            text\n          }\n        }\n      }\n    }\n    dataSetVersions(dataSetId: $id, first: 20) {\n      edges {\n        node {\n          id\n          number\n          start\n          end\n          bytes\n          columns {\n            name\n            unit\n          }\n          findings {\n            code\n            count\n            message\n          }\n          sample\n        }\n      }\n    }\n  }\n": types.DataSetDocument,
    "\n  mutation RequestNegotiation($input: RequestNegotiationInput!) {\n    requestNegotiation(input: $input) {\n      id\n      state\n    }\n  }\n": types.RequestNegotiationDocument,
    "\n  query Negotiations {\n    me {\n      organisation {\n        id\n      }\n    }\n    negotiations(first: 50) {\n      edges {\n        node {\n          id\n          state\n          consumerId\n          price\n          changedAt\n          reasonCode\n        }\n      }\n    }\n  }\n": types.NegotiationsDocument,
    "\n  subscription NegotiationChanged {\n    negotiationChanged {\n      cursor\n    }\n  }\n": types.NegotiationChangedDocument,
    "\n  mutation AcceptOffer($id: ID!) {\n    acceptOffer(negotiationId: $id) {\n      id\n    }\n  }\n": types.AcceptOfferDocument,
    "\n  mutation Agree($id: ID!) {\n    agree(negotiationId: $id) {\n      id\n    }\n  }\n": types.AgreeDocument,
    "\n  mutation VerifyAgreement($id: ID!) {\n    verifyAgreement(negotiationId: $id) {\n      id\n    }\n  }\n": types.VerifyAgreementDocument,
    "\n  mutation FinaliseAgreement($id: ID!) {\n    finaliseAgreement(negotiationId: $id) {\n      id\n    }\n  }\n": types.FinaliseAgreementDocument,
    "\n  mutation TerminateNegotiation($id: ID!) {\n    terminateNegotiation(negotiationId: $id, code: \"NOT_WANTED\") {\n      id\n    }\n  }\n": types.TerminateNegotiationDocument,
    "\n  query Tasks {\n    tasks(first: 50) {\n      edges {\n        node {\n          id\n          phase\n          round\n          uploads\n          createdAt\n        }\n      }\n    }\n  }\n": types.TasksDocument,
    "\n  subscription TasksChanged {\n    tasksChanged {\n      index\n    }\n  }\n": types.TasksChangedDocument,
    "\n  query Task($id: ID!) {\n    task(id: $id) {\n      id\n      phase\n      round\n      uploads\n      decryptors\n      windowEndsAt\n      awaited\n      cardHash\n      headHash\n      headIndex\n      privacy {\n        epsilon\n        delta\n      }\n      failure {\n        code\n      }\n      releases {\n        step\n        final\n        modelHash\n        cohort\n        metrics {\n          trainLoss\n          validationLoss\n          validationMae\n        }\n      }\n    }\n  }\n": types.TaskDocument,
    "\n  subscription TaskChanged($taskId: ID!) {\n    taskChanged(taskId: $taskId) {\n      index\n    }\n  }\n": types.TaskChangedDocument,
    "\n  query Transcript($taskId: ID!, $after: Int!) {\n    transcript(taskId: $taskId, after: $after, first: 100) {\n      index\n      previous\n      message\n      hash\n    }\n  }\n": types.TranscriptDocument,
    "\n  query OwnOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": types.OwnOrganisationDocument,
    "\n  query Forecasts($series: ForecastSeries!, $after: String) {\n    forecasts(series: $series, latest: true, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n          participantId\n          intervalStart\n          issuedAt\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ForecastsDocument,
    "\n  query ForecastProducts {\n    forecastProducts(first: 20) {\n      edges {\n        node {\n          id\n          name\n          series\n          resolution\n          champion {\n            modelHash\n            kind\n          }\n        }\n      }\n    }\n  }\n": types.ForecastProductsDocument,
    "\n  query ModelDayScores($productId: ID!) {\n    modelDayScores(productId: $productId, first: 100) {\n      edges {\n        node {\n          day\n          modelHash\n          mase\n          coverage\n          organisations\n        }\n      }\n    }\n  }\n": types.ModelDayScoresDocument,
    "\n  query MarketSessions {\n    marketSessions(first: 50) {\n      edges {\n        node {\n          id\n          state\n          startsAt\n          zone\n          currency\n          mechanism\n          tradedWh\n          savingsMinor\n        }\n      }\n    }\n  }\n": types.MarketSessionsDocument,
    "\n  query MarketSettlements($sessionId: ID!) {\n    marketSettlements(sessionId: $sessionId, history: false, first: 100) {\n      edges {\n        node {\n          participantId\n          boughtWh\n          soldWh\n          localMinor\n          deviationMinor\n          savingsMinor\n        }\n      }\n    }\n  }\n": types.MarketSettlementsDocument,
    "\n  query SessionShares($sessionId: ID!, $method: SharingMethod!) {\n    sessionShares(sessionId: $sessionId, method: $method, first: 100) {\n      surplusMinor\n      shares {\n        edges {\n          node {\n            participantId\n            savedMinor\n            shareMinor\n          }\n        }\n      }\n    }\n  }\n": types.SessionSharesDocument,
    "\n  query MarketSession($id: ID!) {\n    marketSession(id: $id) {\n      id\n      state\n      phase\n      mechanism\n      startsAt\n      endsAt\n      zone\n      currency\n      retailPerMwh\n      feedInPerMwh\n      feederId\n      tradedWh\n      welfareMinor\n      savingsMinor\n      settledAt\n    }\n  }\n": types.MarketSessionDocument,
    "\n  subscription MarketSessionChanged($sessionId: ID!) {\n    marketSessionChanged(sessionId: $sessionId) {\n      cursor\n    }\n  }\n": types.MarketSessionChangedDocument,
    "\n  query MarketSlots($sessionId: ID!) {\n    marketClearingReport(sessionId: $sessionId) {\n      slots {\n        startsAt\n        quantityWh\n        pricePerMwh\n        setBy\n        reason\n        withheld\n        unservedDemandWh\n        unusedSupplyWh\n        efficientPriceInterval {\n          lowPerMwh\n          highPerMwh\n        }\n      }\n    }\n    marketClearings(sessionId: $sessionId, first: 100) {\n      edges {\n        node {\n          startsAt\n          network {\n            lowestVoltage\n            highestVoltage\n            prices {\n              bus\n              congestionPerMwh\n              voltagePerMwh\n            }\n          }\n        }\n      }\n    }\n  }\n": types.MarketSlotsDocument,
    "\n  query MarketTrades($sessionId: ID!) {\n    me {\n      organisation {\n        id\n      }\n    }\n    marketTrades(sessionId: $sessionId, first: 100) {\n      edges {\n        node {\n          id\n          startsAt\n          quantityWh\n          buyPricePerMwh\n          sellPricePerMwh\n          buyerOrganisationId\n          sellerOrganisationId\n          venue\n        }\n      }\n    }\n  }\n": types.MarketTradesDocument,
    "\n  query Me {\n    me {\n      id\n      roles\n      organisation {\n        id\n        name\n      }\n    }\n  }\n": types.MeDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Overview {\n    platform {\n      version\n      publicKey\n    }\n    me {\n      roles\n      organisation {\n        id\n        name\n        legalId\n      }\n    }\n    participants(first: 100) {\n      edges {\n        node {\n          id\n          organisationId\n          signingKey\n          createdAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OverviewDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditEntries {\n    auditEntries(first: 50) {\n      edges {\n        node {\n          index\n          at\n          operation\n          decision\n          code\n          rows\n          bytes\n          hash\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AuditEntriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey {\n        prefix\n        roles\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CreateApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NewestDelivery {\n    marketSessions(first: 1) {\n      edges {\n        node {\n          startsAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').NewestDeliveryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Certificates {\n    certificates(first: 100) {\n      edges {\n        node {\n          id\n          startsAt\n          area\n          kind\n          technology\n          quantityWh\n          state\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CertificatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GridIntensity($from: DateTime!, $to: DateTime!) {\n    gridIntensity(from: $from, to: $to) {\n      series {\n        source\n        region\n        basis\n      }\n      hours {\n        start\n        kgCo2ePerKwh\n      }\n    }\n  }\n"): typeof import('./graphql.ts').GridIntensityDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Emissions($from: DateTime!, $to: DateTime!) {\n    emissions(from: $from, to: $to, by: all, resolution: day, zone: \"UTC\", account: location) {\n      sums {\n        start\n        account\n        basis\n        scope\n        part\n        carrier\n        grams\n      }\n    }\n  }\n"): typeof import('./graphql.ts').EmissionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PublishedReports($from: DateTime!, $to: DateTime!) {\n    publishedReports(from: $from, to: $to, first: 100) {\n      edges {\n        node {\n          id\n          start\n          end\n          version\n          hash\n          methodVersion\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PublishedReportsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataAgreements {\n    dataAgreements(first: 50) {\n      edges {\n        node {\n          id\n          standing\n          price\n          validFrom\n          validUntil\n          hash\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DataAgreementsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataSets($search: String, $carrier: DataCarrier) {\n    dataSets(search: $search, carrier: $carrier, first: 50) {\n      edges {\n        node {\n          id\n          title\n          carrier\n          kind\n          licence\n          listedAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DataSetsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataSet($id: ID!) {\n    dataSet(id: $id) {\n      title\n      description\n      carrier\n      kind\n      licence\n      zone\n      resolution\n    }\n    dataOffers(dataSetId: $id, first: 50) {\n      edges {\n        node {\n          id\n          price\n          validFrom\n          validUntil\n          status\n          terms {\n            enforcement\n            text\n          }\n        }\n      }\n    }\n    dataSetVersions(dataSetId: $id, first: 20) {\n      edges {\n        node {\n          id\n          number\n          start\n          end\n          bytes\n          columns {\n            name\n            unit\n          }\n          findings {\n            code\n            count\n            message\n          }\n          sample\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DataSetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestNegotiation($input: RequestNegotiationInput!) {\n    requestNegotiation(input: $input) {\n      id\n      state\n    }\n  }\n"): typeof import('./graphql.ts').RequestNegotiationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Negotiations {\n    me {\n      organisation {\n        id\n      }\n    }\n    negotiations(first: 50) {\n      edges {\n        node {\n          id\n          state\n          consumerId\n          price\n          changedAt\n          reasonCode\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').NegotiationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NegotiationChanged {\n    negotiationChanged {\n      cursor\n    }\n  }\n"): typeof import('./graphql.ts').NegotiationChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptOffer($id: ID!) {\n    acceptOffer(negotiationId: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').AcceptOfferDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Agree($id: ID!) {\n    agree(negotiationId: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').AgreeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VerifyAgreement($id: ID!) {\n    verifyAgreement(negotiationId: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').VerifyAgreementDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FinaliseAgreement($id: ID!) {\n    finaliseAgreement(negotiationId: $id) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').FinaliseAgreementDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TerminateNegotiation($id: ID!) {\n    terminateNegotiation(negotiationId: $id, code: \"NOT_WANTED\") {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').TerminateNegotiationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Tasks {\n    tasks(first: 50) {\n      edges {\n        node {\n          id\n          phase\n          round\n          uploads\n          createdAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TasksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TasksChanged {\n    tasksChanged {\n      index\n    }\n  }\n"): typeof import('./graphql.ts').TasksChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Task($id: ID!) {\n    task(id: $id) {\n      id\n      phase\n      round\n      uploads\n      decryptors\n      windowEndsAt\n      awaited\n      cardHash\n      headHash\n      headIndex\n      privacy {\n        epsilon\n        delta\n      }\n      failure {\n        code\n      }\n      releases {\n        step\n        final\n        modelHash\n        cohort\n        metrics {\n          trainLoss\n          validationLoss\n          validationMae\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TaskChanged($taskId: ID!) {\n    taskChanged(taskId: $taskId) {\n      index\n    }\n  }\n"): typeof import('./graphql.ts').TaskChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Transcript($taskId: ID!, $after: Int!) {\n    transcript(taskId: $taskId, after: $after, first: 100) {\n      index\n      previous\n      message\n      hash\n    }\n  }\n"): typeof import('./graphql.ts').TranscriptDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OwnOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OwnOrganisationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Forecasts($series: ForecastSeries!, $after: String) {\n    forecasts(series: $series, latest: true, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n          participantId\n          intervalStart\n          issuedAt\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ForecastsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ForecastProducts {\n    forecastProducts(first: 20) {\n      edges {\n        node {\n          id\n          name\n          series\n          resolution\n          champion {\n            modelHash\n            kind\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ForecastProductsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ModelDayScores($productId: ID!) {\n    modelDayScores(productId: $productId, first: 100) {\n      edges {\n        node {\n          day\n          modelHash\n          mase\n          coverage\n          organisations\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ModelDayScoresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketSessions {\n    marketSessions(first: 50) {\n      edges {\n        node {\n          id\n          state\n          startsAt\n          zone\n          currency\n          mechanism\n          tradedWh\n          savingsMinor\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketSettlements($sessionId: ID!) {\n    marketSettlements(sessionId: $sessionId, history: false, first: 100) {\n      edges {\n        node {\n          participantId\n          boughtWh\n          soldWh\n          localMinor\n          deviationMinor\n          savingsMinor\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketSettlementsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionShares($sessionId: ID!, $method: SharingMethod!) {\n    sessionShares(sessionId: $sessionId, method: $method, first: 100) {\n      surplusMinor\n      shares {\n        edges {\n          node {\n            participantId\n            savedMinor\n            shareMinor\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SessionSharesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketSession($id: ID!) {\n    marketSession(id: $id) {\n      id\n      state\n      phase\n      mechanism\n      startsAt\n      endsAt\n      zone\n      currency\n      retailPerMwh\n      feedInPerMwh\n      feederId\n      tradedWh\n      welfareMinor\n      savingsMinor\n      settledAt\n    }\n  }\n"): typeof import('./graphql.ts').MarketSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription MarketSessionChanged($sessionId: ID!) {\n    marketSessionChanged(sessionId: $sessionId) {\n      cursor\n    }\n  }\n"): typeof import('./graphql.ts').MarketSessionChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketSlots($sessionId: ID!) {\n    marketClearingReport(sessionId: $sessionId) {\n      slots {\n        startsAt\n        quantityWh\n        pricePerMwh\n        setBy\n        reason\n        withheld\n        unservedDemandWh\n        unusedSupplyWh\n        efficientPriceInterval {\n          lowPerMwh\n          highPerMwh\n        }\n      }\n    }\n    marketClearings(sessionId: $sessionId, first: 100) {\n      edges {\n        node {\n          startsAt\n          network {\n            lowestVoltage\n            highestVoltage\n            prices {\n              bus\n              congestionPerMwh\n              voltagePerMwh\n            }\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketSlotsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketTrades($sessionId: ID!) {\n    me {\n      organisation {\n        id\n      }\n    }\n    marketTrades(sessionId: $sessionId, first: 100) {\n      edges {\n        node {\n          id\n          startsAt\n          quantityWh\n          buyPricePerMwh\n          sellPricePerMwh\n          buyerOrganisationId\n          sellerOrganisationId\n          venue\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketTradesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Me {\n    me {\n      id\n      roles\n      organisation {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MeDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
