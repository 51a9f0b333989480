import { canonicalJson, DomainError, isoInstant, type Json, sha256Now, toHex, utf8 } from '#core';
import { Decimal } from 'decimal.js';
import type { CarbonReport, ReportFactor, ReportLine } from './report.ts';
import { isAbout } from './report-flags.ts';

/** Version of the PACT Technical Specifications whose data model footprints are written in. */
const PACT_SPEC_VERSION = '3.0.3';

/** Places of kgCO2e per kWh. A ratio of readings with all its digits would let readings be worked out. */
const FOOTPRINT_PLACES = 6;

// Exact for every sum of products of integer quantities and factors of thirty digits.
const Exact = Decimal.clone({ precision: 120, rounding: Decimal.ROUND_HALF_UP });

/** Each from 1 (best) to 5, decimals. */
interface FootprintQuality {
  readonly technologicalDQR: string;
  readonly geographicalDQR: string;
  readonly temporalDQR: string;
}

/** By an independent third party. */
interface FootprintVerification {
  readonly coverage?: 'PCF calculation model' | 'PCF program' | 'product level' | undefined;
  readonly providerName?: string | undefined;
  readonly completedAt?: string | undefined;
  readonly standardName?: string | undefined;
  readonly comments?: string | undefined;
}

/** What a report does not say of the product; keys named as in the data model are its properties. */
export interface FootprintTerms {
  /** Of an inventory: those whose energy is the product; absent: all electricity. */
  readonly activities?: readonly string[] | undefined;
  readonly account: 'location' | 'market';
  /** What was supplied of it, decimal; absent: what the lines of the report say. */
  readonly suppliedKwh?: string | undefined;
  readonly companyName?: string | undefined;
  /** URNs beside the participant's own. */
  readonly companyIds: readonly string[];
  readonly productIds: readonly string[];
  readonly productClassifications?: readonly string[] | undefined;
  readonly productNameCompany: string;
  readonly productDescription: string;
  readonly geographyCountry?: string | undefined;
  readonly geographyCountrySubdivision?: string | undefined;
  readonly geographyRegionOrSubregion?: string | undefined;
  readonly boundaryProcessesDescription: string;
  readonly crossSectoralStandards: readonly string[];
  /** Needed where the source of a factor does not say. */
  readonly ipccCharacterizationFactors?: readonly string[] | undefined;
  readonly exemptedEmissionsPercent: string;
  readonly exemptedEmissionsDescription?: string | undefined;
  readonly allocationRulesDescription?: string | undefined;
  readonly primaryDataShare?: string | undefined;
  readonly dqi?: FootprintQuality | undefined;
  readonly verification?: FootprintVerification | undefined;
  /** Ids of the footprints that this one restates. */
  readonly precedingPfIds?: readonly string[] | undefined;
}

/** A product footprint, of which only what the platform reads is told by type; the schema of the data model tells the rest. */
export interface ProductFootprint {
  readonly id: string;
  readonly specVersion: string;
  readonly precedingPfIds?: readonly string[] | undefined;
  readonly created: string;
  readonly status: 'Active' | 'Deprecated';
  readonly validityPeriodStart?: string | undefined;
  readonly validityPeriodEnd?: string | undefined;
  readonly companyName: string;
  readonly companyIds: readonly string[];
  readonly productDescription: string;
  readonly productIds: readonly string[];
  readonly productClassifications?: readonly string[] | undefined;
  readonly productNameCompany: string;
  readonly comment?: string | undefined;
  readonly pcf: {
    readonly referencePeriodStart: string;
    readonly referencePeriodEnd: string;
    readonly geographyCountry?: string | undefined;
    readonly geographyCountrySubdivision?: string | undefined;
    readonly geographyRegionOrSubregion?: string | undefined;
    readonly [property: string]: unknown;
  };
}

/** The company id of a participant: a registered URN namespace, and an id that nobody else has. */
export const participantUrn = (participantId: string): string => `urn:uuid:${participantId}`;

/**
 * A UUID of version 8 (RFC 9562) from the hash of what a footprint says: another content is another id, the same footprint made
 * twice is one. When it was made and whether it is superseded is not content.
 */
export function footprintId({
  id: _id,
  created: _created,
  status: _status,
  ...content
}: ProductFootprint): string {
  const hex = toHex(sha256Now(utf8(canonicalJson({ context: 'gridcommons/footprint/1', content } as unknown as Json)))); // prettier-ignore
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-'); // prettier-ignore
}

/**
 * 1 kWh of electricity as a PACT product footprint: Σ emissions / Σ energy of the counted lines of a report that verifies,
 * rounded once to six places of a kg. One account of scope 2 is counted, with what is upstream of it.
 * @throws FOOTPRINT_ACTIVITY, FOOTPRINT_INCOMPLETE, FOOTPRINT_ENERGY, FOOTPRINT_BASIS, FOOTPRINT_BIOGENIC, FOOTPRINT_GWP, FOOTPRINT_COMPANY
 */
export function pactFootprint(
  report: CarbonReport,
  terms: FootprintTerms,
  createdMs: number,
): ProductFootprint {
  const counted = countedLines(report, terms);
  const footprint: ProductFootprint = stated({
    id: '',
    specVersion: PACT_SPEC_VERSION,
    precedingPfIds: terms.precedingPfIds,
    created: isoInstant(createdMs),
    status: 'Active' as const,
    companyName: terms.companyName ?? report.subject.name,
    companyIds: companyIdsOf(report, terms),
    productDescription: terms.productDescription,
    productIds: terms.productIds,
    productClassifications: terms.productClassifications,
    productNameCompany: terms.productNameCompany,
    comment: commentOf(report, terms),
    pcf: stated(carbonFootprint(report, terms, counted)),
  });
  return { ...footprint, id: footprintId(footprint) };
}

/** Without what is undefined: a JSON object has no such members. */
const stated = <T extends object>(of: T): T =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as T;

function companyIdsOf({ subject }: CarbonReport, { companyIds }: FootprintTerms): readonly string[] {
  const own = subject.participantId === null ? [] : [participantUrn(subject.participantId)];
  const ids = [...new Set([...own, ...companyIds])];
  if (ids.length > 0) return ids;
  throw new DomainError('FOOTPRINT_COMPANY', 'expected companyIds of a report without a participant, got none'); // prettier-ignore
}

const commentOf = ({ hash, method, dataQuality }: CarbonReport, { account }: FootprintTerms): string =>
  `Of carbon report ${hash} by ${method}, ${account}-based; ${dataQuality.countedRows} of ${dataQuality.expectedRows} rows counted. Emissions are not told by gas.`;

function countedLines(
  { lines, parameters }: CarbonReport,
  { activities, account }: FootprintTerms,
): ReportLine[] {
  const matching = parameters['matching'];
  const isNamed = (line: ReportLine): boolean =>
    activities === undefined ? line.carrier === 'electricity' : activities.includes(line.activity ?? '');
  const counted = lines.filter(
    (line) =>
      isNamed(line) &&
      (line.account === null || line.account === account) &&
      (!line.matching || line.matching === matching),
  );
  const found = new Set(counted.map(({ activity }) => activity));
  if (counted.length > 0 && (activities ?? []).every((each) => found.has(each))) return counted;
  throw new DomainError('FOOTPRINT_ACTIVITY', 'expected activities that the report has lines of, got others');
}

function carbonFootprint(
  report: CarbonReport,
  terms: FootprintTerms,
  counted: readonly ReportLine[],
): ProductFootprint['pcf'] {
  requireComplete(report, terms);
  const factors = factorsOf(report, counted);
  requireLifeCycle(counted, factors);
  const kgPerKwh = intensity(counted, terms);
  return {
    declaredUnitOfMeasurement: 'kilowatt hour',
    declaredUnitAmount: '1',
    productMassPerDeclaredUnit: '0',
    referencePeriodStart: report.period.start,
    referencePeriodEnd: report.period.end,
    geographyCountry: terms.geographyCountry,
    geographyCountrySubdivision: terms.geographyCountrySubdivision,
    geographyRegionOrSubregion: terms.geographyRegionOrSubregion,
    boundaryProcessesDescription: terms.boundaryProcessesDescription,
    pcfExcludingBiogenicUptake: kgPerKwh,
    // Electricity holds no carbon.
    pcfIncludingBiogenicUptake: kgPerKwh,
    fossilGhgEmissions: kgPerKwh,
    fossilCarbonContent: '0',
    packagingEmissionsIncluded: false,
    ipccCharacterizationFactors: characterizationOf(factors, terms),
    crossSectoralStandards: terms.crossSectoralStandards,
    exemptedEmissionsPercent: terms.exemptedEmissionsPercent,
    exemptedEmissionsDescription: terms.exemptedEmissionsDescription,
    allocationRulesDescription: terms.allocationRulesDescription,
    secondaryEmissionFactorSources: factors.map(({ id, source }) => ({ name: source, version: id })),
    primaryDataShare: terms.primaryDataShare ?? weighted(report, counted, 'primary', 100),
    dqi: terms.dqi ?? qualityOf(report, counted),
    verification: terms.verification,
  };
}

/** Hours without a reading or a factor are in neither sum; what lacks a factor, or hours against a sum given, is in one of the two. */
function requireComplete({ flags }: CarbonReport, { activities, suppliedKwh }: FootprintTerms): void {
  const missing = flags.filter(({ flag }) => flag === 'missing').map(({ about }) => about);
  const concerns = (about: string): boolean =>
    activities === undefined || activities.some((id) => isAbout(about, id));
  const refused = missing.filter(
    (about) => concerns(about) && (suppliedKwh !== undefined || about.startsWith('factor-missing')),
  );
  if (refused.length === 0) return;
  throw new DomainError(
    'FOOTPRINT_INCOMPLETE',
    'expected activities of which nothing is missing, got others',
  );
}

function factorsOf({ factors }: CarbonReport, counted: readonly ReportLine[]): ReportFactor[] {
  const used = new Set(counted.map(({ factorId }) => factorId));
  return factors.filter(({ id }) => used.has(id));
}

function groupedByActivity(lines: readonly ReportLine[]): ReportLine[][] {
  const names = new Set(lines.map(({ activity }) => activity));
  return [...names].map((name) => lines.filter(({ activity }) => activity === name));
}

/** From the cradle: life-cycle factors, or what is upstream in a line of its own, or a statement computed elsewhere. */
function requireLifeCycle(counted: readonly ReportLine[], factors: readonly ReportFactor[]): void {
  const direct = new Set(factors.filter(({ basis }) => basis === 'direct').map(({ id }) => id));
  const isWhole = (lines: readonly ReportLine[]): boolean =>
    lines.every(({ factorId, kind }) => kind === 'given' || !direct.has(factorId)) ||
    lines.some(({ part }) => part === 'upstream');
  if (!groupedByActivity(counted).every(isWhole)) {
    throw new DomainError('FOOTPRINT_BASIS', 'expected life-cycle factors or emissions upstream of each activity, got combustion only'); // prettier-ignore
  }
  if (counted.some(({ biogenicGramsCo2 }) => new Exact(biogenicGramsCo2 ?? 0).gt(0))) {
    throw new DomainError('FOOTPRINT_BIOGENIC', 'expected no biogenic carbon, whose gases a report does not tell apart, got some'); // prettier-ignore
  }
}

const KWH: Readonly<Record<string, string>> = { Wh: '0.001', kWh: '1' };
const isEnergy = ({ part, unit }: ReportLine): boolean =>
  Object.hasOwn(KWH, unit) && (part === undefined || part === 'energy' || part === 'resold');

function intensity(counted: readonly ReportLine[], { suppliedKwh }: FootprintTerms): string {
  const energy = counted.filter(isEnergy);
  const isTold = groupedByActivity(counted).every((lines) => lines.some(isEnergy));
  const kwh =
    suppliedKwh === undefined
      ? sum(energy.map(({ quantity, unit }) => new Exact(quantity).mul(KWH[unit]!)))
      : new Exact(suppliedKwh);
  if (!kwh.gt(0) || (!isTold && suppliedKwh === undefined)) {
    throw new DomainError('FOOTPRINT_ENERGY', 'expected more than 0 kWh supplied, of each activity or by suppliedKwh, got none'); // prettier-ignore
  }
  return rounded(
    sum(counted.map(({ gramsCo2e }) => gramsCo2e))
      .div(1_000)
      .div(kwh),
  );
}

const sum = (values: readonly Decimal.Value[]): Decimal =>
  values.reduce<Decimal>((total, value) => total.add(value), new Exact(0));
const rounded = (value: Decimal): string => value.toDecimalPlaces(FOOTPRINT_PLACES).toFixed();

function characterizationOf(factors: readonly ReportFactor[], terms: FootprintTerms): string[] {
  const known = factors.map(({ gwpSet }) => /^AR\d+/.exec(gwpSet ?? '')?.[0]);
  const given = terms.ipccCharacterizationFactors;
  if (given === undefined && known.includes(undefined)) {
    throw new DomainError('FOOTPRINT_GWP', 'expected ipccCharacterizationFactors, as the source of a factor does not say, got none'); // prettier-ignore
  }
  return [...new Set([...known.filter((each) => each !== undefined), ...(given ?? [])])].toSorted();
}

/** Mean by emissions of what the rows of the activities say, times `scale`; undefined unless each says it. */
function weighted(
  { inputs }: CarbonReport,
  counted: readonly ReportLine[],
  key: string,
  scale: number,
): string | undefined {
  const rows = new Map(inputs.filter(({ at }) => /^activities\[\d+\]$/.test(String(at))).map((row) => [row['id'], row])); // prettier-ignore
  const values = counted.map(({ activity }) => rows.get(activity ?? null)?.[key] ?? undefined);
  const total = sum(counted.map(({ gramsCo2e }) => gramsCo2e));
  if (total.isZero() || values.includes(undefined)) return undefined;
  const parts = counted.map(({ gramsCo2e }, i) => new Exact(gramsCo2e).mul(Number(values[i])));
  return rounded(sum(parts).div(total).mul(scale));
}

function qualityOf(report: CarbonReport, counted: readonly ReportLine[]): FootprintQuality | undefined {
  const score = (indicator: string): string | undefined => weighted(report, counted, `quality/${indicator}`, 1); // prettier-ignore
  const [technologicalDQR, geographicalDQR, temporalDQR] = [score('technology'), score('geography'), score('time')]; // prettier-ignore
  if (technologicalDQR === undefined || geographicalDQR === undefined || temporalDQR === undefined)
    return undefined;
  return { technologicalDQR, geographicalDQR, temporalDQR };
}
