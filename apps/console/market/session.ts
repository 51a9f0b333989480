import type { MarketSessionQuery, MarketSlotsQuery } from '../generated/graphql.ts';

export type Session = MarketSessionQuery['marketSession'];
export type Slot = MarketSlotsQuery['marketClearingReport']['slots'][number];
