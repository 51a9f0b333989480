import type { Clock } from '#core';
import type { ReadingStore } from '../readings/reading-store.ts';
import type { PlatformClient } from './platform-client.ts';
import type { Enrolment, Identity, SiteDirectory } from './site-directory.ts';

/** What every task of the node works with. */
export interface SiteNode {
  readonly directory: SiteDirectory;
  readonly identity: Identity;
  readonly enrolment: Enrolment;
  readonly client: PlatformClient;
  readonly readings: ReadingStore;
  /** Business time: nothing that ends after it has been metered yet. */
  readonly clock: Clock;
  /** Long work gives up when the process is asked to stop. */
  readonly stopping?: AbortSignal;
  /** One line for the owner: what the node did, never a reading, share or key. */
  readonly report: (event: string, facts?: Record<string, string | number>) => void;
}
