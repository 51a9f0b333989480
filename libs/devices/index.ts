/**
 * devices: what members do with their devices, each on its own forecasts, as linear programs; and how carriers clear
 * together. Pure; where programs are solved on the way, a function takes `solve`.
 *
 * Vocabulary: carrier (electricity, heat, gas, hydrogen), device, storage, conversion (a column of the energy hub's coupling
 * matrix), building (one resistance, one capacity), need (a demand that may be impossible, by member, device and slot),
 * marginal (dual of a balance: what a further kWh costs), pool (members exchange before the grid).
 * Units: kWh a slot, kW as the mean of a slot, °C; money in any one unit.
 * References: Geidl & Andersson, IEEE TPWRS 22(1) 2007 (energy hub, coupling matrix); Bacher & Madsen, Energy and Buildings 43,
 * 2011 (RC building); Auer et al., IEEE Wireless Communications 18(5) 2011 and Yong et al., IEEE TSG 12(5) 2021 (base
 * stations); Owen 1975 (linear production).
 */
export { CARRIERS, type Carrier } from './carrier.ts';
export { type Device, type Storage } from './device.ts';
export { type CarrierPrices, type DeviceMember, type DeviceTerms, DISPATCH_LIMITS } from './member.ts';
export { type DevicesProgram, buildMemberDispatch } from './member-program.ts';
export { type MemberDecision, readMemberDispatch } from './member-schedule.ts';
export { type DevicesDispatch, dispatchAlone, dispatchTogether } from './dispatch-devices.ts';
export { type StorageColumns, storageRows } from './storage.ts';
export { type HubClearing, type HubOrder, type HubUnit, HUB_LIMITS, buildHub, readHub } from './hub.ts';
export { type SlotForecast, deviceBidCurve } from './device-bids.ts';
export { type DayForecast, deviceDayBids } from './day-bids.ts';
export { HOURS_OF_DAY, type LocalDay, onLocalDay } from './local-day.ts';
export {
  type Channel,
  type ResilienceOutcome,
  type ResilienceReport,
  type ResilienceTrader,
  RESILIENCE_LIMITS,
  simulateResilience,
} from './resilience.ts';
