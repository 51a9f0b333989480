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
    "\n  query Overview {\n    platform {\n      version\n      publicKey\n    }\n    me {\n      roles\n      organisation {\n        id\n        name\n        legalId\n      }\n    }\n  }\n": typeof types.OverviewDocument,
    "\n  query Participants($after: String) {\n    participants(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n          signingKey\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ParticipantsDocument,
    "\n  query AuditChains($after: String) {\n    auditChains(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          index\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AuditChainsDocument,
    "\n  query AuditEntries($agreementId: ID, $after: String) {\n    auditEntries(agreementId: $agreementId, first: 100, after: $after) {\n      edges {\n        node {\n          index\n          at\n          operation\n          decision\n          code\n          rows\n          bytes\n          hash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AuditEntriesDocument,
    "\n  query AuditHead($agreementId: ID) {\n    auditHead(agreementId: $agreementId) {\n      index\n      hash\n      at\n    }\n  }\n": typeof types.AuditHeadDocument,
    "\n  query AuditedOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": typeof types.AuditedOrganisationDocument,
    "\n  query PlatformHealth {\n    platformHealth {\n      database {\n        engine\n        milliseconds\n        migrations\n        newestMigration\n      }\n      startedAt\n      businessTime\n      wallTime\n      runsJobs\n      jobs {\n        name\n        unfinished\n        done\n        failed\n        failedAt\n        failureCode\n      }\n    }\n  }\n": typeof types.PlatformHealthDocument,
    "\n  query ApiKeys($after: String) {\n    apiKeys(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          memberName\n          prefix\n          roles\n          createdAt\n          revokedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ApiKeysDocument,
    "\n  query MemberIdentities($after: String) {\n    memberIdentities(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          issuer\n          subject\n          roles\n          createdAt\n          unlinkedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MemberIdentitiesDocument,
    "\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      revokedAt\n    }\n  }\n": typeof types.RevokeApiKeyDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey {\n        prefix\n        roles\n      }\n    }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  query Me {\n    me {\n      id\n      roles\n      organisation {\n        id\n        name\n      }\n    }\n  }\n": typeof types.MeDocument,
    "\n  query OrganisationNames($after: String) {\n    organisations(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.OrganisationNamesDocument,
    "\n  query ParticipantOwners($after: String) {\n    participants(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ParticipantOwnersDocument,
    "\n  query Certificates($after: String) {\n    certificates(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          area\n          kind\n          technology\n          quantityWh\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.CertificatesDocument,
    "\n  query IntensityAhead($productId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {\n    forecasts(productId: $productId, from: $from, to: $to, latest: true, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          participantId\n          intervalStart\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.IntensityAheadDocument,
    "\n  query GridIntensity($from: DateTime!, $to: DateTime!) {\n    gridIntensity(from: $from, to: $to) {\n      series {\n        source\n        region\n        basis\n      }\n      hours {\n        start\n        kgCo2ePerKwh\n      }\n    }\n  }\n": typeof types.GridIntensityDocument,
    "\n  query LeverStudies($after: String) {\n    marketStudies(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          verb\n          state\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.LeverStudiesDocument,
    "\n  query LeverStudy($id: ID!) {\n    marketStudy(id: $id) {\n      state\n      result\n      error {\n        code\n        message\n      }\n    }\n  }\n": typeof types.LeverStudyDocument,
    "\n  subscription LeverStudyChanged($id: ID!) {\n    marketStudyChanged(id: $id) {\n      state\n    }\n  }\n": typeof types.LeverStudyChangedDocument,
    "\n  mutation SubmitLevers($input: SubmitMarketStudyInput!) {\n    submitMarketStudy(input: $input) {\n      id\n    }\n  }\n": typeof types.SubmitLeversDocument,
    "\n  query SettledSessions($after: String) {\n    marketSessions(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          zone\n          product\n          settledAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SettledSessionsDocument,
    "\n  query CarbonAccounts($sessionId: ID!, $after: String) {\n    carbonAccounts(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          consumedWh\n          coveredWh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.CarbonAccountsDocument,
    "\n  query Emissions($from: DateTime!, $to: DateTime!, $account: EmissionsAccount!) {\n    emissions(from: $from, to: $to, by: all, resolution: day, zone: \"UTC\", account: $account) {\n      sums {\n        start\n        account\n        basis\n        scope\n        part\n        carrier\n        grams\n      }\n    }\n  }\n": typeof types.EmissionsDocument,
    "\n  query PublishedReports($from: DateTime!, $to: DateTime!, $after: String) {\n    publishedReports(from: $from, to: $to, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          start\n          end\n          version\n          hash\n          methodVersion\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.PublishedReportsDocument,
    "\n  query DataAgreement($id: ID!) {\n    dataAgreement(id: $id) {\n      id\n      consumerId\n      dataSetId\n      standing\n      policy\n      price\n      validFrom\n      validUntil\n      hash\n      paidAt\n      terms {\n        enforcement\n        text\n      }\n      events {\n        type\n        sender\n        reasonCode\n        reason\n        createdAt\n      }\n    }\n  }\n": typeof types.DataAgreementDocument,
    "\n  query DataAgreements($after: String) {\n    dataAgreements(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          consumerId\n          dataSetId\n          standing\n          price\n          validFrom\n          validUntil\n          hash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DataAgreementsDocument,
    "\n  query DataSets($search: String, $carrier: DataCarrier, $after: String) {\n    dataSets(search: $search, carrier: $carrier, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          title\n          carrier\n          kind\n          licence\n          listedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DataSetsDocument,
    "\n  query Contributors($dataSetId: ID!) {\n    contributors(dataSetId: $dataSetId) {\n      organisationId\n      weight\n    }\n  }\n": typeof types.ContributorsDocument,
    "\n  query DataSet($id: ID!) {\n    dataSet(id: $id) {\n      organisationId\n      title\n      description\n      carrier\n      kind\n      licence\n      zone\n      resolution\n    }\n  }\n": typeof types.DataSetDocument,
    "\n  query DataOffers($id: ID!, $after: String) {\n    dataOffers(dataSetId: $id, first: 50, after: $after) {\n      edges {\n        node {\n          id\n          price\n          policy\n          validFrom\n          validUntil\n          status\n          terms {\n            enforcement\n            text\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DataOffersDocument,
    "\n  query AllHostedSeries($dataSetId: ID!, $after: String) {\n    allHostedSeries(dataSetId: $dataSetId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          key\n          organisationId\n          resolution\n          unit\n          zone\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AllHostedSeriesDocument,
    "\n  query ReadSeries(\n    $id: ID!\n    $agreementId: ID\n    $purpose: String\n    $from: DateTime!\n    $until: DateTime!\n    $resolution: String\n  ) {\n    seriesReadingsBlock(\n      seriesId: $id\n      agreementId: $agreementId\n      purpose: $purpose\n      from: $from\n      until: $until\n      resolution: $resolution\n    ) {\n      start\n      value\n      known\n      expected\n    }\n  }\n": typeof types.ReadSeriesDocument,
    "\n  query Invoices($after: String) {\n    invoices(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          kind\n          number\n          agreementId\n          consumerId\n          currency\n          amountMinor\n          feeMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.InvoicesDocument,
    "\n  mutation AcceptOffer($id: ID!) {\n    acceptOffer(negotiationId: $id) {\n      id\n    }\n  }\n": typeof types.AcceptOfferDocument,
    "\n  mutation Agree($id: ID!) {\n    agree(negotiationId: $id) {\n      id\n    }\n  }\n": typeof types.AgreeDocument,
    "\n  mutation VerifyAgreement($id: ID!) {\n    verifyAgreement(negotiationId: $id) {\n      id\n    }\n  }\n": typeof types.VerifyAgreementDocument,
    "\n  mutation FinaliseAgreement($id: ID!) {\n    finaliseAgreement(negotiationId: $id) {\n      id\n    }\n  }\n": typeof types.FinaliseAgreementDocument,
    "\n  mutation CounterOffer($input: CounterOfferInput!) {\n    counterOffer(input: $input) {\n      id\n    }\n  }\n": typeof types.CounterOfferDocument,
    "\n  mutation TerminateNegotiation($id: ID!, $code: String!, $reason: String) {\n    terminateNegotiation(negotiationId: $id, code: $code, reason: $reason) {\n      id\n    }\n  }\n": typeof types.TerminateNegotiationDocument,
    "\n  query Negotiation($id: ID!) {\n    negotiation(id: $id) {\n      id\n      state\n      consumerId\n      dataSetId\n      policy\n      price\n      validFrom\n      validUntil\n      agreementId\n      reasonCode\n      reason\n      expiresAt\n      terms {\n        enforcement\n        text\n      }\n    }\n  }\n": typeof types.NegotiationDocument,
    "\n  query NegotiationMessages($id: ID!, $after: String) {\n    negotiationMessages(negotiationId: $id, first: 100, after: $after) {\n      edges {\n        cursor\n        node {\n          sender\n          automatic\n          state\n          price\n          validFrom\n          validUntil\n          reasonCode\n          reason\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.NegotiationMessagesDocument,
    "\n  query Negotiations($after: String) {\n    negotiations(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          state\n          consumerId\n          price\n          changedAt\n          reasonCode\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.NegotiationsDocument,
    "\n  subscription NegotiationChanged {\n    negotiationChanged {\n      cursor\n    }\n  }\n": typeof types.NegotiationChangedDocument,
    "\n  mutation RequestNegotiation($input: RequestNegotiationInput!) {\n    requestNegotiation(input: $input) {\n      id\n    }\n  }\n": typeof types.RequestNegotiationDocument,
    "\n  query AgreementOrders($after: String) {\n    agreementOrders(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          agreementId\n          consumerId\n          currency\n          amountMinor\n          feeMinor\n          sellerMinor\n          periodStart\n          periodEnd\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AgreementOrdersDocument,
    "\n  query QuoteAgreement($agreementId: ID!, $periods: Int!) {\n    quoteAgreement(agreementId: $agreementId, periods: $periods) {\n      priceKind\n      currency\n      amountMinor\n      feeMinor\n      sellerMinor\n      periods {\n        period\n        start\n        end\n      }\n    }\n  }\n": typeof types.QuoteAgreementDocument,
    "\n  mutation PayAgreement($input: PayAgreementInput!) {\n    payAgreement(input: $input) {\n      id\n      currency\n      amountMinor\n    }\n  }\n": typeof types.PayAgreementDocument,
    "\n  mutation DeclareRevenue($input: DeclareRevenueInput!) {\n    declareRevenue(input: $input) {\n      id\n      currency\n      amountMinor\n    }\n  }\n": typeof types.DeclareRevenueDocument,
    "\n  query OrderShares($after: String) {\n    orderShares(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          orderId\n          dataSetId\n          organisationId\n          currency\n          amountMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.OrderSharesDocument,
    "\n  query AgreementUsage($agreementId: ID!, $after: String) {\n    agreementUsage(agreementId: $agreementId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          useId\n          readings\n          readingsBefore\n          bytes\n          currency\n          amountMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AgreementUsageDocument,
    "\n  query DataSetVersions($id: ID!, $after: String) {\n    dataSetVersions(dataSetId: $id, first: 50, after: $after) {\n      edges {\n        node {\n          id\n          number\n          start\n          end\n          bytes\n          columns {\n            name\n            unit\n          }\n          findings {\n            code\n            count\n            message\n          }\n          sample\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DataSetVersionsDocument,
    "\n  query Wallet {\n    wallet {\n      currency\n      balanceMinor\n      changedAt\n    }\n  }\n": typeof types.WalletDocument,
    "\n  query WalletEntries($after: String) {\n    walletEntries(first: 100, after: $after) {\n      edges {\n        node {\n          index\n          type\n          reference\n          currency\n          amountMinor\n          memo\n          at\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.WalletEntriesDocument,
    "\n  query Tasks($after: String) {\n    tasks(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          phase\n          round\n          uploads\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.TasksDocument,
    "\n  subscription TasksChanged {\n    tasksChanged {\n      index\n    }\n  }\n": typeof types.TasksChangedDocument,
    "\n  query Task($id: ID!) {\n    task(id: $id) {\n      id\n      phase\n      round\n      uploads\n      decryptors\n      windowEndsAt\n      awaited\n      cardHash\n      headHash\n      headIndex\n      privacy {\n        epsilon\n        delta\n      }\n      failure {\n        code\n      }\n      releases {\n        step\n        final\n        modelHash\n        cohort\n        metrics {\n          trainLoss\n          validationLoss\n          validationMae\n        }\n      }\n    }\n  }\n": typeof types.TaskDocument,
    "\n  subscription TaskChanged($taskId: ID!) {\n    taskChanged(taskId: $taskId) {\n      index\n    }\n  }\n": typeof types.TaskChangedDocument,
    "\n  query Transcript($taskId: ID!, $after: Int!) {\n    transcript(taskId: $taskId, after: $after, first: 100) {\n      index\n      previous\n      message\n      hash\n    }\n  }\n": typeof types.TranscriptDocument,
    "\n  query OwnOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": typeof types.OwnOrganisationDocument,
    "\n  query Forecasts(\n    $series: ForecastSeries!\n    $productId: ID\n    $from: DateTime!\n    $to: DateTime!\n    $after: String\n  ) {\n    forecasts(\n      series: $series\n      productId: $productId\n      from: $from\n      to: $to\n      latest: true\n      first: 100\n      after: $after\n    ) {\n      edges {\n        node {\n          id\n          organisationId\n          participantId\n          intervalStart\n          issuedAt\n          resolution\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ForecastsDocument,
    "\n  query ForecastProducts($after: String) {\n    forecastProducts(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          name\n          series\n          resolution\n          champion {\n            modelHash\n            kind\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ForecastProductsDocument,
    "\n  query ModelDayScores($productId: ID!, $after: String) {\n    modelDayScores(productId: $productId, first: 100, after: $after) {\n      edges {\n        node {\n          day\n          modelHash\n          mase\n          coverage\n          organisations\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ModelDayScoresDocument,
    "\n  query HostedSeriesList($after: String) {\n    allHostedSeries(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          key\n          unit\n          organisationId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.HostedSeriesListDocument,
    "\n  query SeriesOwner {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": typeof types.SeriesOwnerDocument,
    "\n  query SeriesReadings(\n    $seriesId: ID!\n    $from: DateTime!\n    $until: DateTime!\n    $resolution: String\n    $after: String\n  ) {\n    seriesReadings(\n      seriesId: $seriesId\n      from: $from\n      until: $until\n      resolution: $resolution\n      first: 100\n      after: $after\n    ) {\n      edges {\n        node {\n          start\n          value\n          known\n          expected\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SeriesReadingsDocument,
    "\n  query MarketSessions($after: String) {\n    marketSessions(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          state\n          startsAt\n          zone\n          currency\n          product\n          mechanism\n          tradedWh\n          savingsMinor\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MarketSessionsDocument,
    "\n  query MarketSettlements($sessionId: ID!, $after: String) {\n    marketSettlements(sessionId: $sessionId, history: false, first: 100, after: $after) {\n      edges {\n        node {\n          participantId\n          boughtWh\n          soldWh\n          localMinor\n          chargeMinor\n          deviationMinor\n          savingsMinor\n          version\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MarketSettlementsDocument,
    "\n  query SessionShares($sessionId: ID!, $method: SharingMethod!, $after: String) {\n    sessionShares(sessionId: $sessionId, method: $method, first: 100, after: $after) {\n      surplusMinor\n      shares {\n        edges {\n          node {\n            participantId\n            savedMinor\n            shareMinor\n            standardErrorMinor\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.SessionSharesDocument,
    "\n  query NetworkClearings($sessionId: ID!, $after: String) {\n    marketClearings(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          network {\n            lowestVoltage\n            highestVoltage\n            withdrawnWh\n            binding\n            prices {\n              bus\n              congestionPerMwh\n              voltagePerMwh\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.NetworkClearingsDocument,
    "\n  query Feeder($id: ID!) {\n    feeder(id: $id) {\n      name\n      busCount\n      network\n    }\n  }\n": typeof types.FeederDocument,
    "\n  query IntradayBook($sessionId: ID!, $startsAt: DateTime!) {\n    intradayBook(sessionId: $sessionId, startsAt: $startsAt, depth: 20) {\n      open\n      gateClosesAt\n      lastPricePerMwh\n      tradedWh\n      bids {\n        pricePerMwh\n        quantityWh\n      }\n      asks {\n        pricePerMwh\n        quantityWh\n      }\n    }\n  }\n": typeof types.IntradayBookDocument,
    "\n  subscription IntradayBookChanged($sessionId: ID!) {\n    intradayBookChanged(sessionId: $sessionId, depth: 1) {\n      cursor\n    }\n  }\n": typeof types.IntradayBookChangedDocument,
    "\n  query MarketOrders($sessionId: ID!, $after: String) {\n    marketOrders(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          orderId\n          participantId\n          startsAt\n          side\n          quantityWh\n          pricePerMwh\n          tradedWh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MarketOrdersDocument,
    "\n  query IntradayOrders($sessionId: ID!, $after: String) {\n    intradayOrders(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          participantId\n          startsAt\n          side\n          quantityWh\n          pricePerMwh\n          filledWh\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.IntradayOrdersDocument,
    "\n  query SessionPrices($sessionId: ID!, $after: String) {\n    marketClearings(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          quantityWh\n          pricePerMwh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SessionPricesDocument,
    "\n  query MarketSession($id: ID!) {\n    marketSession(id: $id) {\n      id\n      state\n      phase\n      mechanism\n      startsAt\n      endsAt\n      resolutionMinutes\n      intradayLeadMinutes\n      zone\n      currency\n      retailPerMwh\n      feedInPerMwh\n      feederId\n      tradedWh\n      welfareMinor\n      savingsMinor\n      settledAt\n    }\n  }\n": typeof types.MarketSessionDocument,
    "\n  subscription MarketSessionChanged($sessionId: ID!) {\n    marketSessionChanged(sessionId: $sessionId) {\n      cursor\n    }\n  }\n": typeof types.MarketSessionChangedDocument,
    "\n  query MarketSlots($sessionId: ID!) {\n    marketClearingReport(sessionId: $sessionId) {\n      slots {\n        startsAt\n        quantityWh\n        pricePerMwh\n        setBy\n        reason\n        withheld\n        unservedDemandWh\n        unusedSupplyWh\n        efficientPriceInterval {\n          lowPerMwh\n          highPerMwh\n        }\n      }\n    }\n  }\n": typeof types.MarketSlotsDocument,
    "\n  query MarketTrades($sessionId: ID!, $after: String) {\n    marketTrades(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          quantityWh\n          buyPricePerMwh\n          sellPricePerMwh\n          buyerOrganisationId\n          sellerOrganisationId\n          venue\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MarketTradesDocument,
    "\n  query TradingOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": typeof types.TradingOrganisationDocument,
    "\n  query NewestDelivery {\n    marketSessions(first: 1) {\n      edges {\n        node {\n          startsAt\n        }\n      }\n    }\n  }\n": typeof types.NewestDeliveryDocument,
};
const documents: Documents = {
    "\n  query Overview {\n    platform {\n      version\n      publicKey\n    }\n    me {\n      roles\n      organisation {\n        id\n        name\n        legalId\n      }\n    }\n  }\n": types.OverviewDocument,
    "\n  query Participants($after: String) {\n    participants(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n          signingKey\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ParticipantsDocument,
    "\n  query AuditChains($after: String) {\n    auditChains(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          index\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AuditChainsDocument,
    "\n  query AuditEntries($agreementId: ID, $after: String) {\n    auditEntries(agreementId: $agreementId, first: 100, after: $after) {\n      edges {\n        node {\n          index\n          at\n          operation\n          decision\n          code\n          rows\n          bytes\n          hash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AuditEntriesDocument,
    "\n  query AuditHead($agreementId: ID) {\n    auditHead(agreementId: $agreementId) {\n      index\n      hash\n      at\n    }\n  }\n": types.AuditHeadDocument,
    "\n  query AuditedOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": types.AuditedOrganisationDocument,
    "\n  query PlatformHealth {\n    platformHealth {\n      database {\n        engine\n        milliseconds\n        migrations\n        newestMigration\n      }\n      startedAt\n      businessTime\n      wallTime\n      runsJobs\n      jobs {\n        name\n        unfinished\n        done\n        failed\n        failedAt\n        failureCode\n      }\n    }\n  }\n": types.PlatformHealthDocument,
    "\n  query ApiKeys($after: String) {\n    apiKeys(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          memberName\n          prefix\n          roles\n          createdAt\n          revokedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ApiKeysDocument,
    "\n  query MemberIdentities($after: String) {\n    memberIdentities(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          issuer\n          subject\n          roles\n          createdAt\n          unlinkedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MemberIdentitiesDocument,
    "\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      revokedAt\n    }\n  }\n": types.RevokeApiKeyDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey {\n        prefix\n        roles\n      }\n    }\n  }\n": types.CreateApiKeyDocument,
    "\n  query Me {\n    me {\n      id\n      roles\n      organisation {\n        id\n        name\n      }\n    }\n  }\n": types.MeDocument,
    "\n  query OrganisationNames($after: String) {\n    organisations(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.OrganisationNamesDocument,
    "\n  query ParticipantOwners($after: String) {\n    participants(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ParticipantOwnersDocument,
    "\n  query Certificates($after: String) {\n    certificates(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          area\n          kind\n          technology\n          quantityWh\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.CertificatesDocument,
    "\n  query IntensityAhead($productId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {\n    forecasts(productId: $productId, from: $from, to: $to, latest: true, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          participantId\n          intervalStart\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.IntensityAheadDocument,
    "\n  query GridIntensity($from: DateTime!, $to: DateTime!) {\n    gridIntensity(from: $from, to: $to) {\n      series {\n        source\n        region\n        basis\n      }\n      hours {\n        start\n        kgCo2ePerKwh\n      }\n    }\n  }\n": types.GridIntensityDocument,
    "\n  query LeverStudies($after: String) {\n    marketStudies(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          verb\n          state\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.LeverStudiesDocument,
    "\n  query LeverStudy($id: ID!) {\n    marketStudy(id: $id) {\n      state\n      result\n      error {\n        code\n        message\n      }\n    }\n  }\n": types.LeverStudyDocument,
    "\n  subscription LeverStudyChanged($id: ID!) {\n    marketStudyChanged(id: $id) {\n      state\n    }\n  }\n": types.LeverStudyChangedDocument,
    "\n  mutation SubmitLevers($input: SubmitMarketStudyInput!) {\n    submitMarketStudy(input: $input) {\n      id\n    }\n  }\n": types.SubmitLeversDocument,
    "\n  query SettledSessions($after: String) {\n    marketSessions(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          zone\n          product\n          settledAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SettledSessionsDocument,
    "\n  query CarbonAccounts($sessionId: ID!, $after: String) {\n    carbonAccounts(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          consumedWh\n          coveredWh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.CarbonAccountsDocument,
    "\n  query Emissions($from: DateTime!, $to: DateTime!, $account: EmissionsAccount!) {\n    emissions(from: $from, to: $to, by: all, resolution: day, zone: \"UTC\", account: $account) {\n      sums {\n        start\n        account\n        basis\n        scope\n        part\n        carrier\n        grams\n      }\n    }\n  }\n": types.EmissionsDocument,
    "\n  query PublishedReports($from: DateTime!, $to: DateTime!, $after: String) {\n    publishedReports(from: $from, to: $to, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          start\n          end\n          version\n          hash\n          methodVersion\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.PublishedReportsDocument,
    "\n  query DataAgreement($id: ID!) {\n    dataAgreement(id: $id) {\n      id\n      consumerId\n      dataSetId\n      standing\n      policy\n      price\n      validFrom\n      validUntil\n      hash\n      paidAt\n      terms {\n        enforcement\n        text\n      }\n      events {\n        type\n        sender\n        reasonCode\n        reason\n        createdAt\n      }\n    }\n  }\n": types.DataAgreementDocument,
    "\n  query DataAgreements($after: String) {\n    dataAgreements(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          consumerId\n          dataSetId\n          standing\n          price\n          validFrom\n          validUntil\n          hash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DataAgreementsDocument,
    "\n  query DataSets($search: String, $carrier: DataCarrier, $after: String) {\n    dataSets(search: $search, carrier: $carrier, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          title\n          carrier\n          kind\n          licence\n          listedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DataSetsDocument,
    "\n  query Contributors($dataSetId: ID!) {\n    contributors(dataSetId: $dataSetId) {\n      organisationId\n      weight\n    }\n  }\n": types.ContributorsDocument,
    "\n  query DataSet($id: ID!) {\n    dataSet(id: $id) {\n      organisationId\n      title\n      description\n      carrier\n      kind\n      licence\n      zone\n      resolution\n    }\n  }\n": types.DataSetDocument,
    "\n  query DataOffers($id: ID!, $after: String) {\n    dataOffers(dataSetId: $id, first: 50, after: $after) {\n      edges {\n        node {\n          id\n          price\n          policy\n          validFrom\n          validUntil\n          status\n          terms {\n            enforcement\n            text\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DataOffersDocument,
    "\n  query AllHostedSeries($dataSetId: ID!, $after: String) {\n    allHostedSeries(dataSetId: $dataSetId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          key\n          organisationId\n          resolution\n          unit\n          zone\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AllHostedSeriesDocument,
    "\n  query ReadSeries(\n    $id: ID!\n    $agreementId: ID\n    $purpose: String\n    $from: DateTime!\n    $until: DateTime!\n    $resolution: String\n  ) {\n    seriesReadingsBlock(\n      seriesId: $id\n      agreementId: $agreementId\n      purpose: $purpose\n      from: $from\n      until: $until\n      resolution: $resolution\n    ) {\n      start\n      value\n      known\n      expected\n    }\n  }\n": types.ReadSeriesDocument,
    "\n  query Invoices($after: String) {\n    invoices(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          kind\n          number\n          agreementId\n          consumerId\n          currency\n          amountMinor\n          feeMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.InvoicesDocument,
    "\n  mutation AcceptOffer($id: ID!) {\n    acceptOffer(negotiationId: $id) {\n      id\n    }\n  }\n": types.AcceptOfferDocument,
    "\n  mutation Agree($id: ID!) {\n    agree(negotiationId: $id) {\n      id\n    }\n  }\n": types.AgreeDocument,
    "\n  mutation VerifyAgreement($id: ID!) {\n    verifyAgreement(negotiationId: $id) {\n      id\n    }\n  }\n": types.VerifyAgreementDocument,
    "\n  mutation FinaliseAgreement($id: ID!) {\n    finaliseAgreement(negotiationId: $id) {\n      id\n    }\n  }\n": types.FinaliseAgreementDocument,
    "\n  mutation CounterOffer($input: CounterOfferInput!) {\n    counterOffer(input: $input) {\n      id\n    }\n  }\n": types.CounterOfferDocument,
    "\n  mutation TerminateNegotiation($id: ID!, $code: String!, $reason: String) {\n    terminateNegotiation(negotiationId: $id, code: $code, reason: $reason) {\n      id\n    }\n  }\n": types.TerminateNegotiationDocument,
    "\n  query Negotiation($id: ID!) {\n    negotiation(id: $id) {\n      id\n      state\n      consumerId\n      dataSetId\n      policy\n      price\n      validFrom\n      validUntil\n      agreementId\n      reasonCode\n      reason\n      expiresAt\n      terms {\n        enforcement\n        text\n      }\n    }\n  }\n": types.NegotiationDocument,
    "\n  query NegotiationMessages($id: ID!, $after: String) {\n    negotiationMessages(negotiationId: $id, first: 100, after: $after) {\n      edges {\n        cursor\n        node {\n          sender\n          automatic\n          state\n          price\n          validFrom\n          validUntil\n          reasonCode\n          reason\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.NegotiationMessagesDocument,
    "\n  query Negotiations($after: String) {\n    negotiations(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          state\n          consumerId\n          price\n          changedAt\n          reasonCode\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.NegotiationsDocument,
    "\n  subscription NegotiationChanged {\n    negotiationChanged {\n      cursor\n    }\n  }\n": types.NegotiationChangedDocument,
    "\n  mutation RequestNegotiation($input: RequestNegotiationInput!) {\n    requestNegotiation(input: $input) {\n      id\n    }\n  }\n": types.RequestNegotiationDocument,
    "\n  query AgreementOrders($after: String) {\n    agreementOrders(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          agreementId\n          consumerId\n          currency\n          amountMinor\n          feeMinor\n          sellerMinor\n          periodStart\n          periodEnd\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AgreementOrdersDocument,
    "\n  query QuoteAgreement($agreementId: ID!, $periods: Int!) {\n    quoteAgreement(agreementId: $agreementId, periods: $periods) {\n      priceKind\n      currency\n      amountMinor\n      feeMinor\n      sellerMinor\n      periods {\n        period\n        start\n        end\n      }\n    }\n  }\n": types.QuoteAgreementDocument,
    "\n  mutation PayAgreement($input: PayAgreementInput!) {\n    payAgreement(input: $input) {\n      id\n      currency\n      amountMinor\n    }\n  }\n": types.PayAgreementDocument,
    "\n  mutation DeclareRevenue($input: DeclareRevenueInput!) {\n    declareRevenue(input: $input) {\n      id\n      currency\n      amountMinor\n    }\n  }\n": types.DeclareRevenueDocument,
    "\n  query OrderShares($after: String) {\n    orderShares(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          orderId\n          dataSetId\n          organisationId\n          currency\n          amountMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.OrderSharesDocument,
    "\n  query AgreementUsage($agreementId: ID!, $after: String) {\n    agreementUsage(agreementId: $agreementId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          useId\n          readings\n          readingsBefore\n          bytes\n          currency\n          amountMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AgreementUsageDocument,
    "\n  query DataSetVersions($id: ID!, $after: String) {\n    dataSetVersions(dataSetId: $id, first: 50, after: $after) {\n      edges {\n        node {\n          id\n          number\n          start\n          end\n          bytes\n          columns {\n            name\n            unit\n          }\n          findings {\n            code\n            count\n            message\n          }\n          sample\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DataSetVersionsDocument,
    "\n  query Wallet {\n    wallet {\n      currency\n      balanceMinor\n      changedAt\n    }\n  }\n": types.WalletDocument,
    "\n  query WalletEntries($after: String) {\n    walletEntries(first: 100, after: $after) {\n      edges {\n        node {\n          index\n          type\n          reference\n          currency\n          amountMinor\n          memo\n          at\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.WalletEntriesDocument,
    "\n  query Tasks($after: String) {\n    tasks(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          phase\n          round\n          uploads\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.TasksDocument,
    "\n  subscription TasksChanged {\n    tasksChanged {\n      index\n    }\n  }\n": types.TasksChangedDocument,
    "\n  query Task($id: ID!) {\n    task(id: $id) {\n      id\n      phase\n      round\n      uploads\n      decryptors\n      windowEndsAt\n      awaited\n      cardHash\n      headHash\n      headIndex\n      privacy {\n        epsilon\n        delta\n      }\n      failure {\n        code\n      }\n      releases {\n        step\n        final\n        modelHash\n        cohort\n        metrics {\n          trainLoss\n          validationLoss\n          validationMae\n        }\n      }\n    }\n  }\n": types.TaskDocument,
    "\n  subscription TaskChanged($taskId: ID!) {\n    taskChanged(taskId: $taskId) {\n      index\n    }\n  }\n": types.TaskChangedDocument,
    "\n  query Transcript($taskId: ID!, $after: Int!) {\n    transcript(taskId: $taskId, after: $after, first: 100) {\n      index\n      previous\n      message\n      hash\n    }\n  }\n": types.TranscriptDocument,
    "\n  query OwnOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": types.OwnOrganisationDocument,
    "\n  query Forecasts(\n    $series: ForecastSeries!\n    $productId: ID\n    $from: DateTime!\n    $to: DateTime!\n    $after: String\n  ) {\n    forecasts(\n      series: $series\n      productId: $productId\n      from: $from\n      to: $to\n      latest: true\n      first: 100\n      after: $after\n    ) {\n      edges {\n        node {\n          id\n          organisationId\n          participantId\n          intervalStart\n          issuedAt\n          resolution\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ForecastsDocument,
    "\n  query ForecastProducts($after: String) {\n    forecastProducts(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          name\n          series\n          resolution\n          champion {\n            modelHash\n            kind\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ForecastProductsDocument,
    "\n  query ModelDayScores($productId: ID!, $after: String) {\n    modelDayScores(productId: $productId, first: 100, after: $after) {\n      edges {\n        node {\n          day\n          modelHash\n          mase\n          coverage\n          organisations\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ModelDayScoresDocument,
    "\n  query HostedSeriesList($after: String) {\n    allHostedSeries(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          key\n          unit\n          organisationId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.HostedSeriesListDocument,
    "\n  query SeriesOwner {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": types.SeriesOwnerDocument,
    "\n  query SeriesReadings(\n    $seriesId: ID!\n    $from: DateTime!\n    $until: DateTime!\n    $resolution: String\n    $after: String\n  ) {\n    seriesReadings(\n      seriesId: $seriesId\n      from: $from\n      until: $until\n      resolution: $resolution\n      first: 100\n      after: $after\n    ) {\n      edges {\n        node {\n          start\n          value\n          known\n          expected\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SeriesReadingsDocument,
    "\n  query MarketSessions($after: String) {\n    marketSessions(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          state\n          startsAt\n          zone\n          currency\n          product\n          mechanism\n          tradedWh\n          savingsMinor\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MarketSessionsDocument,
    "\n  query MarketSettlements($sessionId: ID!, $after: String) {\n    marketSettlements(sessionId: $sessionId, history: false, first: 100, after: $after) {\n      edges {\n        node {\n          participantId\n          boughtWh\n          soldWh\n          localMinor\n          chargeMinor\n          deviationMinor\n          savingsMinor\n          version\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MarketSettlementsDocument,
    "\n  query SessionShares($sessionId: ID!, $method: SharingMethod!, $after: String) {\n    sessionShares(sessionId: $sessionId, method: $method, first: 100, after: $after) {\n      surplusMinor\n      shares {\n        edges {\n          node {\n            participantId\n            savedMinor\n            shareMinor\n            standardErrorMinor\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.SessionSharesDocument,
    "\n  query NetworkClearings($sessionId: ID!, $after: String) {\n    marketClearings(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          network {\n            lowestVoltage\n            highestVoltage\n            withdrawnWh\n            binding\n            prices {\n              bus\n              congestionPerMwh\n              voltagePerMwh\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.NetworkClearingsDocument,
    "\n  query Feeder($id: ID!) {\n    feeder(id: $id) {\n      name\n      busCount\n      network\n    }\n  }\n": types.FeederDocument,
    "\n  query IntradayBook($sessionId: ID!, $startsAt: DateTime!) {\n    intradayBook(sessionId: $sessionId, startsAt: $startsAt, depth: 20) {\n      open\n      gateClosesAt\n      lastPricePerMwh\n      tradedWh\n      bids {\n        pricePerMwh\n        quantityWh\n      }\n      asks {\n        pricePerMwh\n        quantityWh\n      }\n    }\n  }\n": types.IntradayBookDocument,
    "\n  subscription IntradayBookChanged($sessionId: ID!) {\n    intradayBookChanged(sessionId: $sessionId, depth: 1) {\n      cursor\n    }\n  }\n": types.IntradayBookChangedDocument,
    "\n  query MarketOrders($sessionId: ID!, $after: String) {\n    marketOrders(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          orderId\n          participantId\n          startsAt\n          side\n          quantityWh\n          pricePerMwh\n          tradedWh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MarketOrdersDocument,
    "\n  query IntradayOrders($sessionId: ID!, $after: String) {\n    intradayOrders(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          participantId\n          startsAt\n          side\n          quantityWh\n          pricePerMwh\n          filledWh\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.IntradayOrdersDocument,
    "\n  query SessionPrices($sessionId: ID!, $after: String) {\n    marketClearings(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          quantityWh\n          pricePerMwh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SessionPricesDocument,
    "\n  query MarketSession($id: ID!) {\n    marketSession(id: $id) {\n      id\n      state\n      phase\n      mechanism\n      startsAt\n      endsAt\n      resolutionMinutes\n      intradayLeadMinutes\n      zone\n      currency\n      retailPerMwh\n      feedInPerMwh\n      feederId\n      tradedWh\n      welfareMinor\n      savingsMinor\n      settledAt\n    }\n  }\n": types.MarketSessionDocument,
    "\n  subscription MarketSessionChanged($sessionId: ID!) {\n    marketSessionChanged(sessionId: $sessionId) {\n      cursor\n    }\n  }\n": types.MarketSessionChangedDocument,
    "\n  query MarketSlots($sessionId: ID!) {\n    marketClearingReport(sessionId: $sessionId) {\n      slots {\n        startsAt\n        quantityWh\n        pricePerMwh\n        setBy\n        reason\n        withheld\n        unservedDemandWh\n        unusedSupplyWh\n        efficientPriceInterval {\n          lowPerMwh\n          highPerMwh\n        }\n      }\n    }\n  }\n": types.MarketSlotsDocument,
    "\n  query MarketTrades($sessionId: ID!, $after: String) {\n    marketTrades(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          quantityWh\n          buyPricePerMwh\n          sellPricePerMwh\n          buyerOrganisationId\n          sellerOrganisationId\n          venue\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MarketTradesDocument,
    "\n  query TradingOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n": types.TradingOrganisationDocument,
    "\n  query NewestDelivery {\n    marketSessions(first: 1) {\n      edges {\n        node {\n          startsAt\n        }\n      }\n    }\n  }\n": types.NewestDeliveryDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Overview {\n    platform {\n      version\n      publicKey\n    }\n    me {\n      roles\n      organisation {\n        id\n        name\n        legalId\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OverviewDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Participants($after: String) {\n    participants(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n          signingKey\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ParticipantsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditChains($after: String) {\n    auditChains(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          index\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AuditChainsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditEntries($agreementId: ID, $after: String) {\n    auditEntries(agreementId: $agreementId, first: 100, after: $after) {\n      edges {\n        node {\n          index\n          at\n          operation\n          decision\n          code\n          rows\n          bytes\n          hash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AuditEntriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditHead($agreementId: ID) {\n    auditHead(agreementId: $agreementId) {\n      index\n      hash\n      at\n    }\n  }\n"): typeof import('./graphql.ts').AuditHeadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditedOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AuditedOrganisationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PlatformHealth {\n    platformHealth {\n      database {\n        engine\n        milliseconds\n        migrations\n        newestMigration\n      }\n      startedAt\n      businessTime\n      wallTime\n      runsJobs\n      jobs {\n        name\n        unfinished\n        done\n        failed\n        failedAt\n        failureCode\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PlatformHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiKeys($after: String) {\n    apiKeys(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          memberName\n          prefix\n          roles\n          createdAt\n          revokedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ApiKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MemberIdentities($after: String) {\n    memberIdentities(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          issuer\n          subject\n          roles\n          createdAt\n          unlinkedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MemberIdentitiesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeApiKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      revokedAt\n    }\n  }\n"): typeof import('./graphql.ts').RevokeApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey {\n        prefix\n        roles\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CreateApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Me {\n    me {\n      id\n      roles\n      organisation {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OrganisationNames($after: String) {\n    organisations(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OrganisationNamesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ParticipantOwners($after: String) {\n    participants(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          organisationId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ParticipantOwnersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Certificates($after: String) {\n    certificates(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          area\n          kind\n          technology\n          quantityWh\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CertificatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntensityAhead($productId: ID!, $from: DateTime!, $to: DateTime!, $after: String) {\n    forecasts(productId: $productId, from: $from, to: $to, latest: true, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          participantId\n          intervalStart\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').IntensityAheadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GridIntensity($from: DateTime!, $to: DateTime!) {\n    gridIntensity(from: $from, to: $to) {\n      series {\n        source\n        region\n        basis\n      }\n      hours {\n        start\n        kgCo2ePerKwh\n      }\n    }\n  }\n"): typeof import('./graphql.ts').GridIntensityDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LeverStudies($after: String) {\n    marketStudies(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          verb\n          state\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').LeverStudiesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LeverStudy($id: ID!) {\n    marketStudy(id: $id) {\n      state\n      result\n      error {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').LeverStudyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription LeverStudyChanged($id: ID!) {\n    marketStudyChanged(id: $id) {\n      state\n    }\n  }\n"): typeof import('./graphql.ts').LeverStudyChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SubmitLevers($input: SubmitMarketStudyInput!) {\n    submitMarketStudy(input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').SubmitLeversDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettledSessions($after: String) {\n    marketSessions(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          zone\n          product\n          settledAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SettledSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CarbonAccounts($sessionId: ID!, $after: String) {\n    carbonAccounts(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          consumedWh\n          coveredWh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CarbonAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Emissions($from: DateTime!, $to: DateTime!, $account: EmissionsAccount!) {\n    emissions(from: $from, to: $to, by: all, resolution: day, zone: \"UTC\", account: $account) {\n      sums {\n        start\n        account\n        basis\n        scope\n        part\n        carrier\n        grams\n      }\n    }\n  }\n"): typeof import('./graphql.ts').EmissionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PublishedReports($from: DateTime!, $to: DateTime!, $after: String) {\n    publishedReports(from: $from, to: $to, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          start\n          end\n          version\n          hash\n          methodVersion\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PublishedReportsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataAgreement($id: ID!) {\n    dataAgreement(id: $id) {\n      id\n      consumerId\n      dataSetId\n      standing\n      policy\n      price\n      validFrom\n      validUntil\n      hash\n      paidAt\n      terms {\n        enforcement\n        text\n      }\n      events {\n        type\n        sender\n        reasonCode\n        reason\n        createdAt\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DataAgreementDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataAgreements($after: String) {\n    dataAgreements(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          consumerId\n          dataSetId\n          standing\n          price\n          validFrom\n          validUntil\n          hash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DataAgreementsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataSets($search: String, $carrier: DataCarrier, $after: String) {\n    dataSets(search: $search, carrier: $carrier, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          title\n          carrier\n          kind\n          licence\n          listedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DataSetsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Contributors($dataSetId: ID!) {\n    contributors(dataSetId: $dataSetId) {\n      organisationId\n      weight\n    }\n  }\n"): typeof import('./graphql.ts').ContributorsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataSet($id: ID!) {\n    dataSet(id: $id) {\n      organisationId\n      title\n      description\n      carrier\n      kind\n      licence\n      zone\n      resolution\n    }\n  }\n"): typeof import('./graphql.ts').DataSetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataOffers($id: ID!, $after: String) {\n    dataOffers(dataSetId: $id, first: 50, after: $after) {\n      edges {\n        node {\n          id\n          price\n          policy\n          validFrom\n          validUntil\n          status\n          terms {\n            enforcement\n            text\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DataOffersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AllHostedSeries($dataSetId: ID!, $after: String) {\n    allHostedSeries(dataSetId: $dataSetId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          key\n          organisationId\n          resolution\n          unit\n          zone\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AllHostedSeriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadSeries(\n    $id: ID!\n    $agreementId: ID\n    $purpose: String\n    $from: DateTime!\n    $until: DateTime!\n    $resolution: String\n  ) {\n    seriesReadingsBlock(\n      seriesId: $id\n      agreementId: $agreementId\n      purpose: $purpose\n      from: $from\n      until: $until\n      resolution: $resolution\n    ) {\n      start\n      value\n      known\n      expected\n    }\n  }\n"): typeof import('./graphql.ts').ReadSeriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Invoices($after: String) {\n    invoices(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          kind\n          number\n          agreementId\n          consumerId\n          currency\n          amountMinor\n          feeMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').InvoicesDocument;
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
export function graphql(source: "\n  mutation CounterOffer($input: CounterOfferInput!) {\n    counterOffer(input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').CounterOfferDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TerminateNegotiation($id: ID!, $code: String!, $reason: String) {\n    terminateNegotiation(negotiationId: $id, code: $code, reason: $reason) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').TerminateNegotiationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Negotiation($id: ID!) {\n    negotiation(id: $id) {\n      id\n      state\n      consumerId\n      dataSetId\n      policy\n      price\n      validFrom\n      validUntil\n      agreementId\n      reasonCode\n      reason\n      expiresAt\n      terms {\n        enforcement\n        text\n      }\n    }\n  }\n"): typeof import('./graphql.ts').NegotiationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NegotiationMessages($id: ID!, $after: String) {\n    negotiationMessages(negotiationId: $id, first: 100, after: $after) {\n      edges {\n        cursor\n        node {\n          sender\n          automatic\n          state\n          price\n          validFrom\n          validUntil\n          reasonCode\n          reason\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').NegotiationMessagesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Negotiations($after: String) {\n    negotiations(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          state\n          consumerId\n          price\n          changedAt\n          reasonCode\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').NegotiationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NegotiationChanged {\n    negotiationChanged {\n      cursor\n    }\n  }\n"): typeof import('./graphql.ts').NegotiationChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestNegotiation($input: RequestNegotiationInput!) {\n    requestNegotiation(input: $input) {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').RequestNegotiationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AgreementOrders($after: String) {\n    agreementOrders(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          agreementId\n          consumerId\n          currency\n          amountMinor\n          feeMinor\n          sellerMinor\n          periodStart\n          periodEnd\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AgreementOrdersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query QuoteAgreement($agreementId: ID!, $periods: Int!) {\n    quoteAgreement(agreementId: $agreementId, periods: $periods) {\n      priceKind\n      currency\n      amountMinor\n      feeMinor\n      sellerMinor\n      periods {\n        period\n        start\n        end\n      }\n    }\n  }\n"): typeof import('./graphql.ts').QuoteAgreementDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PayAgreement($input: PayAgreementInput!) {\n    payAgreement(input: $input) {\n      id\n      currency\n      amountMinor\n    }\n  }\n"): typeof import('./graphql.ts').PayAgreementDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeclareRevenue($input: DeclareRevenueInput!) {\n    declareRevenue(input: $input) {\n      id\n      currency\n      amountMinor\n    }\n  }\n"): typeof import('./graphql.ts').DeclareRevenueDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OrderShares($after: String) {\n    orderShares(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          orderId\n          dataSetId\n          organisationId\n          currency\n          amountMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OrderSharesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AgreementUsage($agreementId: ID!, $after: String) {\n    agreementUsage(agreementId: $agreementId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          useId\n          readings\n          readingsBefore\n          bytes\n          currency\n          amountMinor\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AgreementUsageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DataSetVersions($id: ID!, $after: String) {\n    dataSetVersions(dataSetId: $id, first: 50, after: $after) {\n      edges {\n        node {\n          id\n          number\n          start\n          end\n          bytes\n          columns {\n            name\n            unit\n          }\n          findings {\n            code\n            count\n            message\n          }\n          sample\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DataSetVersionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Wallet {\n    wallet {\n      currency\n      balanceMinor\n      changedAt\n    }\n  }\n"): typeof import('./graphql.ts').WalletDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WalletEntries($after: String) {\n    walletEntries(first: 100, after: $after) {\n      edges {\n        node {\n          index\n          type\n          reference\n          currency\n          amountMinor\n          memo\n          at\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WalletEntriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Tasks($after: String) {\n    tasks(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          phase\n          round\n          uploads\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TasksDocument;
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
export function graphql(source: "\n  query Forecasts(\n    $series: ForecastSeries!\n    $productId: ID\n    $from: DateTime!\n    $to: DateTime!\n    $after: String\n  ) {\n    forecasts(\n      series: $series\n      productId: $productId\n      from: $from\n      to: $to\n      latest: true\n      first: 100\n      after: $after\n    ) {\n      edges {\n        node {\n          id\n          organisationId\n          participantId\n          intervalStart\n          issuedAt\n          resolution\n          p10\n          p50\n          p90\n          unit\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ForecastsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ForecastProducts($after: String) {\n    forecastProducts(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          name\n          series\n          resolution\n          champion {\n            modelHash\n            kind\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ForecastProductsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ModelDayScores($productId: ID!, $after: String) {\n    modelDayScores(productId: $productId, first: 100, after: $after) {\n      edges {\n        node {\n          day\n          modelHash\n          mase\n          coverage\n          organisations\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ModelDayScoresDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HostedSeriesList($after: String) {\n    allHostedSeries(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          key\n          unit\n          organisationId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').HostedSeriesListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SeriesOwner {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SeriesOwnerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SeriesReadings(\n    $seriesId: ID!\n    $from: DateTime!\n    $until: DateTime!\n    $resolution: String\n    $after: String\n  ) {\n    seriesReadings(\n      seriesId: $seriesId\n      from: $from\n      until: $until\n      resolution: $resolution\n      first: 100\n      after: $after\n    ) {\n      edges {\n        node {\n          start\n          value\n          known\n          expected\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SeriesReadingsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketSessions($after: String) {\n    marketSessions(first: 100, after: $after) {\n      edges {\n        node {\n          id\n          state\n          startsAt\n          zone\n          currency\n          product\n          mechanism\n          tradedWh\n          savingsMinor\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketSettlements($sessionId: ID!, $after: String) {\n    marketSettlements(sessionId: $sessionId, history: false, first: 100, after: $after) {\n      edges {\n        node {\n          participantId\n          boughtWh\n          soldWh\n          localMinor\n          chargeMinor\n          deviationMinor\n          savingsMinor\n          version\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketSettlementsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionShares($sessionId: ID!, $method: SharingMethod!, $after: String) {\n    sessionShares(sessionId: $sessionId, method: $method, first: 100, after: $after) {\n      surplusMinor\n      shares {\n        edges {\n          node {\n            participantId\n            savedMinor\n            shareMinor\n            standardErrorMinor\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SessionSharesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NetworkClearings($sessionId: ID!, $after: String) {\n    marketClearings(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          network {\n            lowestVoltage\n            highestVoltage\n            withdrawnWh\n            binding\n            prices {\n              bus\n              congestionPerMwh\n              voltagePerMwh\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').NetworkClearingsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Feeder($id: ID!) {\n    feeder(id: $id) {\n      name\n      busCount\n      network\n    }\n  }\n"): typeof import('./graphql.ts').FeederDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntradayBook($sessionId: ID!, $startsAt: DateTime!) {\n    intradayBook(sessionId: $sessionId, startsAt: $startsAt, depth: 20) {\n      open\n      gateClosesAt\n      lastPricePerMwh\n      tradedWh\n      bids {\n        pricePerMwh\n        quantityWh\n      }\n      asks {\n        pricePerMwh\n        quantityWh\n      }\n    }\n  }\n"): typeof import('./graphql.ts').IntradayBookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription IntradayBookChanged($sessionId: ID!) {\n    intradayBookChanged(sessionId: $sessionId, depth: 1) {\n      cursor\n    }\n  }\n"): typeof import('./graphql.ts').IntradayBookChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketOrders($sessionId: ID!, $after: String) {\n    marketOrders(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          orderId\n          participantId\n          startsAt\n          side\n          quantityWh\n          pricePerMwh\n          tradedWh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketOrdersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntradayOrders($sessionId: ID!, $after: String) {\n    intradayOrders(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          participantId\n          startsAt\n          side\n          quantityWh\n          pricePerMwh\n          filledWh\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').IntradayOrdersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SessionPrices($sessionId: ID!, $after: String) {\n    marketClearings(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          startsAt\n          quantityWh\n          pricePerMwh\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SessionPricesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketSession($id: ID!) {\n    marketSession(id: $id) {\n      id\n      state\n      phase\n      mechanism\n      startsAt\n      endsAt\n      resolutionMinutes\n      intradayLeadMinutes\n      zone\n      currency\n      retailPerMwh\n      feedInPerMwh\n      feederId\n      tradedWh\n      welfareMinor\n      savingsMinor\n      settledAt\n    }\n  }\n"): typeof import('./graphql.ts').MarketSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription MarketSessionChanged($sessionId: ID!) {\n    marketSessionChanged(sessionId: $sessionId) {\n      cursor\n    }\n  }\n"): typeof import('./graphql.ts').MarketSessionChangedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketSlots($sessionId: ID!) {\n    marketClearingReport(sessionId: $sessionId) {\n      slots {\n        startsAt\n        quantityWh\n        pricePerMwh\n        setBy\n        reason\n        withheld\n        unservedDemandWh\n        unusedSupplyWh\n        efficientPriceInterval {\n          lowPerMwh\n          highPerMwh\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketSlotsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MarketTrades($sessionId: ID!, $after: String) {\n    marketTrades(sessionId: $sessionId, first: 100, after: $after) {\n      edges {\n        node {\n          id\n          startsAt\n          quantityWh\n          buyPricePerMwh\n          sellPricePerMwh\n          buyerOrganisationId\n          sellerOrganisationId\n          venue\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MarketTradesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TradingOrganisation {\n    me {\n      organisation {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TradingOrganisationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NewestDelivery {\n    marketSessions(first: 1) {\n      edges {\n        node {\n          startsAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').NewestDeliveryDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
