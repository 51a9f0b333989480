import { DomainError, hashJson, type Json } from '#core';
import type { Combination, LearningTerms, NetworkTerms, VoteTerms } from '#learning';

/** One organisation of a task: who it is, under which keys. */
export interface RosterMember {
  readonly organisation: string;
  /** Register number, LEI or the like; one legal person may stand in a roster once. */
  readonly legalId: string;
  /** Ed25519 public key, 32 bytes hex. */
  readonly signingKey: string;
  /** X25519 public key, 32 bytes hex. */
  readonly agreementKey: string;
}

/** Public parameters of the secure sum, carried in the card so that anyone can check a transcript with them alone. */
export interface EncryptionParameters {
  readonly scheme: 'threshold-bfv/1' | 'plain/1';
  /** N: slots a chunk, the last of which is the checksum. */
  readonly ringDegree: number;
  /** Ciphertext primes q_i, decimal. */
  readonly primes: readonly string[];
  /** Plaintext modulus t, decimal. */
  readonly plainModulus: string;
  readonly lanes: 1 | 2 | 3;
  /** A value v travels as round(v · 2^fractionBits). */
  readonly fractionBits: number;
  /** Most sites a sum can hold: every lane has room for that many largest values. */
  readonly maxSites: number;
  /** Length of the summed vector. */
  readonly values: number;
}

export interface ReleasePolicy {
  /** Organisations that hold shares, in roster order; the Shamir point of one is its position + 1. At most 20. */
  readonly decryptors: readonly string[];
  /** t: decryptors needed; t − 1 colluding learn nothing. */
  readonly threshold: number;
  /** Q: READY signatures needed; two quorums share an honest decryptor. */
  readonly quorum: number;
  /** k_min: organisations in every released sum, at least. */
  readonly minimumOrganisations: number;
  /** Fixed partition of the roster: every released cohort is a union of whole blocks, so no difference of two is below k_min. */
  readonly blocks: readonly (readonly string[])[];
  /** What is released: one sum over the cohort, or one a block, for a median that a single site cannot move. */
  readonly sums: 'cohort' | 'blocks';
}

export interface Epoch {
  /** ISO 8601 instants, half-open. */
  readonly start: string;
  readonly end: string;
}

/** What a model sees beside the look-back: by name, each site has its own values. */
export interface SeenTerms {
  /** Weekday and season of the issue time. */
  readonly calendar: boolean;
  /** Country or state whose public holidays count, as DE or DE-BW; null: none. With the calendar alone. */
  readonly holidays: string | null;
  /** Columns known over the whole horizon when a forecast is issued: forecasts of the weather, of a system operator. */
  readonly ahead: readonly string[];
  /** Columns known up to the issue time. */
  readonly past: readonly string[];
  /** What is learnt from and answered for: windows at every step, or those that begin at a local midnight. */
  readonly issues: 'every-step' | 'midnights';
}

/** The same of a ridge. */
export interface InputTerms extends SeenTerms {
  /** Candidate penalties of inputs, ascending, in units of the penalty of the look-back. */
  readonly penalties: readonly number[];
}

/** Closed-form ridge over second moments or autocovariances: one step. Lookback, horizon and cycle in steps of `stepMinutes`. */
export interface RidgeTerms {
  readonly kind: 'one-shot-ridge';
  readonly statistic: 'moments' | 'autocovariances';
  readonly stepMinutes: number;
  readonly lookback: number;
  readonly horizon: number;
  readonly cycle: number;
  readonly lambdas: readonly number[];
  /** Null: the look-back alone. */
  readonly inputs: InputTerms | null;
}

/** A network trained step by step: deviations from each site's own cycle, `lookback` in, `horizon` out. */
export interface NetworkModel extends NetworkTerms {
  readonly kind: 'network';
  /** Minutes of a step: lookback, horizon, cycle and stride are in steps. */
  readonly stepMinutes: number;
  /** The cycle that each site removes by itself. */
  readonly cycle: number;
  /** Between two windows a site trains on. */
  readonly stride: number;
  /** What becomes of the terms' covariates; absent: the look-back alone, as in cards from before there were any. */
  readonly inputs?: SeenTerms;
  /** SHA-256 of the server's state before the first step, which follows from the terms. */
  readonly initial: string;
}

/** How a network is learnt: what sites do at home in a step, what becomes of the sum, and when it ends. */
export interface LearningPlan extends LearningTerms {
  /** Released sums at most. */
  readonly steps: number;
  /** Steps without a better validation loss after which it ends; null: never early. */
  readonly patience: number | null;
  /** How the sums of blocks become one update; `mean` where there is one sum. */
  readonly combine: Combination;
  /** Null: every step's model is taken as it comes. */
  readonly vote: VoteTerms | null;
}

/** Differential privacy of one organisation's whole contribution, by noise in every site's own addend. */
export interface PrivacyTerms {
  readonly unit: 'organisation';
  readonly mechanism: 'discrete-gaussian' | 'skellam';
  /** What all steps of the task cost an organisation together, at `delta`. */
  readonly epsilon: number;
  readonly delta: number;
  /** L2 norm at which a site cuts its vector, in the vector's unit. */
  readonly clip: number;
  /** Sites whose noise alone must suffice: k_min − (t − 1). */
  readonly honest: number;
  /** zCDP that one step costs. */
  readonly rhoPerStep: number;
  /** Variance of one site's noise, in units of the fixed point squared. */
  readonly sigmaSquared: number;
  /** Where one site's noise is cut, in units of the fixed point; the chance of it is part of delta. */
  readonly noiseBound: number;
}

/** Everything a node must agree to before it takes part. Its SHA-256 is in every message of the task. */
export interface TaskCard {
  readonly format: 'gridcommons/card/3';
  readonly taskId: string;
  readonly issuedAt: string;
  /** Ed25519 public key that signs the platform's messages. */
  readonly platformKey: string;
  readonly model: RidgeTerms | NetworkModel;
  /** Null for a model that is solved in one step. */
  readonly learning: LearningPlan | null;
  readonly data: {
    /** Columns of the sites' files, 1 to 16 different ones: the summed vector holds a part of each, in this order. */
    readonly series: readonly string[];
    readonly zone: string;
    readonly train: Epoch;
    readonly validation: Epoch;
  };
  readonly encryption: EncryptionParameters;
  readonly release: ReleasePolicy;
  /** Seconds each step may take before the platform goes on without those who are silent, or fails the task. */
  readonly windows: { readonly keys: number; readonly upload: number; readonly answer: number };
  /** Null: no differential privacy; stated, not omitted. */
  readonly privacy: PrivacyTerms | null;
  readonly roster: readonly RosterMember[];
}

export const cardHashOf = (card: TaskCard): Promise<string> => hashJson(card as unknown as Json);

/** The terms of a card that is solved in one step. @throws CARD_MODEL for another */
export function ridgeTerms({ model }: Pick<TaskCard, 'model'>): RidgeTerms {
  if (model.kind === 'one-shot-ridge') return model;
  throw new DomainError('CARD_MODEL', `expected a one-shot-ridge, got ${model.kind}`, 'forbidden');
}

export interface NetworkTask {
  readonly model: NetworkModel;
  readonly learning: LearningPlan;
}

/** The terms of a card that is learnt step by step. @throws CARD_MODEL for another */
export function networkTask({ model, learning }: Pick<TaskCard, 'model' | 'learning'>): NetworkTask {
  if (model.kind === 'network' && learning) return { model, learning };
  throw new DomainError('CARD_MODEL', `expected a network, got ${model.kind}`, 'forbidden');
}

/** The part of a summed vector that each series has: equally long, one after the other. */
export function seriesParts(
  { data }: Pick<TaskCard, 'data'>,
  values: Float64Array,
): ReadonlyMap<string, Float64Array> {
  const length = values.length / data.series.length;
  return new Map(data.series.map((series, i) => [series, values.subarray(i * length, (i + 1) * length)]));
}

/** Released sums a task has at most. */
export const stepCount = ({ learning }: Pick<TaskCard, 'learning'>): number => learning?.steps ?? 1;

const rosters = new WeakMap<TaskCard, ReadonlyMap<string, RosterMember>>();

/** Members by organisation, in roster order. */
export function rosterNames(card: TaskCard): ReadonlyMap<string, RosterMember> {
  const known = rosters.get(card);
  if (known) return known;
  const members = new Map(card.roster.map((member) => [member.organisation, member]));
  rosters.set(card, members);
  return members;
}

/** @throws NOT_IN_ROSTER */
export function rosterMember(card: TaskCard, organisation: string): RosterMember {
  const member = rosterNames(card).get(organisation);
  if (!member) {
    throw new DomainError(
      'NOT_IN_ROSTER',
      `expected a member of the roster, got ${organisation}`,
      'forbidden',
      { organisation },
    );
  }
  return member;
}

/** Decryptor index (Shamir point, 1…n) of an organisation. @throws NOT_A_DECRYPTOR */
export function decryptorIndex({ release }: TaskCard, organisation: string): number {
  const position = release.decryptors.indexOf(organisation);
  if (position < 0) {
    throw new DomainError(
      'NOT_A_DECRYPTOR',
      `expected a decryptor of the card, got ${organisation}`,
      'forbidden',
      { organisation },
    );
  }
  return position + 1;
}

/** The members of `organisations`, in roster order. */
export const inRosterOrder = (card: TaskCard, organisations: { has(name: string): boolean }): string[] =>
  card.roster
    .map(({ organisation }) => organisation)
    .filter((organisation) => organisations.has(organisation));

/** The blocks all of whose members uploaded. */
const wholeBlocks = (card: TaskCard, uploaded: { has(name: string): boolean }): (readonly string[])[] =>
  card.release.blocks.filter((block) => block.every((member) => uploaded.has(member)));

/** The cohort a set of uploads allows: members of the blocks that are complete, in roster order. */
export const completeBlocks = (card: TaskCard, uploaded: { has(name: string): boolean }): string[] =>
  inRosterOrder(card, new Set(wholeBlocks(card, uploaded).flat()));

/** The groups of a cohort that are summed apart: all of it, or each of its blocks. */
export const summedGroups = (card: TaskCard, cohort: readonly string[]): (readonly string[])[] =>
  card.release.sums === 'cohort' ? [cohort] : wholeBlocks(card, new Set(cohort));
