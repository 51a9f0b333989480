import { type DeviceMember, type DeviceTerms, HOURS_OF_DAY, buildMemberDispatch } from '#devices';
import { requireInput } from '#inputs';
import { siteDevicesInput } from './device-input.ts';
import { memberOf, termsOf } from './dispatch.ts';
import { memberInMinorUnits, termsInMinorUnits } from './minor-units.ts';

/** A site's devices over the hours of a local day; money in minor units. */
export interface SiteDevices {
  readonly member: DeviceMember;
  /** Without prices of electricity. */
  readonly terms: DeviceTerms;
  /** Part of its flexibility that each slot offers; absent: 1 in all flexible slots together. */
  readonly share?: number;
}

/** Checks a document of the form of `siteDevicesInput`. @throws INPUT_KEY_UNKNOWN, INPUT_INVALID, DISPATCH_INPUT, DISPATCH_PRICES, DEVICE_INPUT */
export function requireSiteDevices(document: unknown): SiteDevices {
  const { load, prices, share, ...connected } = requireInput(document, siteDevicesInput);
  const times = { horizon: HOURS_OF_DAY, resolution: 'PT1H', unit: 'kWh', prices } as const;
  const member = memberInMinorUnits(memberOf({ id: 'site', load, ...connected }, times));
  const terms = termsInMinorUnits(termsOf(times));
  buildMemberDispatch(member, terms);
  return { member, terms, ...(share === undefined ? {} : { share }) };
}
