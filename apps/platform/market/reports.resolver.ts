import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { type ReportedSlot, ReportsService } from './reports.service.ts';
import { MarketClearingReportType, type MarketSlotReportType } from './reports.types.ts';

@Resolver(() => MarketClearingReportType)
export class ReportsResolver {
  constructor(private readonly reports: ReportsService) {}

  @Query(() => MarketClearingReportType, {
    description: 'Why the prices of a cleared session are what they are, by slot; for every member.',
  })
  async marketClearingReport(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID }) sessionId: string,
  ): Promise<MarketClearingReportType> {
    const { session, slots } = await this.reports.report(principal, sessionId);
    const { id, mechanism, welfareMinor } = session;
    return { sessionId: id, mechanism, welfareMinor, slots: slots.map(toType) };
  }
}

const NOTHING = {
  withheld: null,
  setBy: null,
  reason: null,
  efficientPriceInterval: { lowPerMwh: null, highPerMwh: null },
  oneMoreWh: { supplyPerMwh: null, demandPerMwh: null },
  lastTradePerMwh: null,
  welfareExact: null,
  bestWelfareExact: null,
  unservedDemandWh: null,
  unusedSupplyWh: null,
} as const;

const toType = ({ report, ...slot }: ReportedSlot): MarketSlotReportType => ({
  ...NOTHING,
  ...report,
  ...slot,
});
