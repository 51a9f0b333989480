import { DomainError, sha256Hex, signJson, utf8 } from '#core';
import { PlatformClient } from './platform-client.ts';
import type { Enrolment, SiteDirectory } from './site-directory.ts';

const ENROL_CONTEXT = 'gridcommons/enrol/1';

const PLATFORM = `query Platform { platform { publicKey } }`;
const ENROL = `mutation Enrol($input: EnrolParticipantInput!) { enrolParticipant(input: $input) { id organisationId } }`;
const ME = `query Me { me { organisation { id legalId } } }`;

/**
 * The address without a path of its own: people copy that of the GraphQL page.
 * @throws PLATFORM_URL_INVALID
 */
export function platformAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DomainError(
      'PLATFORM_URL_INVALID',
      'expected an address such as http://127.0.0.1:3000, got none with http:// or https://',
    );
  }
  return text.replace(/\/+$/, '').replace(/\/graphql$/, '');
}

/**
 * Enrols this directory's keys with a single-use token and remembers the platform it enrolled with. Repeating it with the
 * same token changes nothing. @throws PLATFORM_URL_INVALID, PLATFORM_UNAVAILABLE, ENROLMENT_TOKEN_…, ALREADY_ENROLLED
 */
export async function enrol(
  directory: SiteDirectory,
  options: { readonly platformUrl: string; readonly token: string; readonly publish: Enrolment['publish'] },
): Promise<Enrolment> {
  const platformUrl = platformAddress(options.platformUrl);
  if (directory.enrolled && directory.enrolment().platformUrl !== platformUrl) {
    throw new DomainError(
      'ALREADY_ENROLLED',
      `expected ${directory.enrolment().platformUrl}, where this directory is enrolled, got ${platformUrl}`,
      'conflict',
    );
  }
  const { signing, agreement } = await directory.identity();
  const keys = { signingKey: signing.publicKey, agreementKey: agreement.publicKey };
  const tokenHash = await sha256Hex(utf8(options.token));
  const proof = await signJson(signing.privateKey, ENROL_CONTEXT, { tokenHash, ...keys });

  const anonymous = new PlatformClient(platformUrl, null);
  const { platform } = await anonymous.request<{ platform: { publicKey: string } }>(PLATFORM);
  const input = { token: options.token, ...keys, proof };
  const { enrolParticipant } = await anonymous.request<{ enrolParticipant: { id: string } }>(ENROL, {
    input,
  });

  const own = new PlatformClient(platformUrl, {
    participantId: enrolParticipant.id,
    privateKey: signing.privateKey,
  });
  const { me } = await own.request<{ me: { organisation: { id: string; legalId: string } } }>(ME);
  const enrolment: Enrolment = {
    platformUrl,
    platformKey: platform.publicKey,
    participantId: enrolParticipant.id,
    organisationId: me.organisation.id,
    legalId: me.organisation.legalId,
    publish: options.publish,
  };
  directory.saveEnrolment(enrolment);
  return enrolment;
}
