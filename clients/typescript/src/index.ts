/**
 * @gridcommons/client: a Gridcommons platform for market modules, in Node and in browsers.
 *
 * Energy is integer Wh, money integer minor units, instants ISO 8601 in UTC, as in the platform's schema.
 */
export { type ClientOptions, GridcommonsClient, type MutationOptions } from './client.ts';
export { type Delivery, type OrderDraft, type Participant } from './credentials.ts';
export { GridcommonsError } from './errors.ts';
export { type RetryPolicy } from './retry.ts';
export { type CallOptions } from './transport.ts';
export { type Document, type Page } from './typed-document.ts';
