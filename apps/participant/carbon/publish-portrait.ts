import {
  type Portrait,
  PORTRAIT_CONTEXT,
  PORTRAIT_METHOD,
  portraitStatement,
  type SharedLabel,
  sharedLabels,
} from '#analytics';
import { signJson } from '#core';
import type { PlatformClient } from '../node/platform-client.ts';
import type { Publisher } from './publication.ts';

const PUBLISH = `mutation Publish($input: PublishPortraitInput!) { publishPortrait(input: $input) { version } }`;

/** What has left the site of a portrait. */
export interface PublishedPortrait {
  readonly version: number;
  readonly labels: readonly SharedLabel[];
}

/** Signs the labels of a portrait with their rounded shares of days and sends them; nothing else of it leaves. */
export async function publishPortrait(
  client: Pick<PlatformClient, 'request'>,
  { participantId, privateKey }: Publisher,
  portrait: Portrait,
): Promise<PublishedPortrait> {
  const labels = sharedLabels(portrait);
  const signature = await signJson(privateKey, PORTRAIT_CONTEXT, portraitStatement(participantId, labels));
  const input = { method: PORTRAIT_METHOD, labels, signature };
  const { publishPortrait: published } = await client.request<{ publishPortrait: { version: number } }>(
    PUBLISH,
    { input },
    { purpose: 'portrait' },
  );
  return { version: published.version, labels };
}
