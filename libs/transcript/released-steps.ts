import {
  advance,
  type AnyMessage,
  type BlobReference,
  openFromCard,
  type Payloads,
  type TaskState,
} from '#federation';

/** A release and the state it was made in. */
export interface ReleasedStep {
  /** U is summed and A has answered. */
  readonly state: TaskState;
  readonly release: Payloads['release'];
}

export interface Replayed {
  readonly state: TaskState;
  readonly steps: readonly ReleasedStep[];
}

/** Replays a whole task and keeps what each release was made of. @throws the first refusal */
export async function replaySteps(messages: readonly AnyMessage[]): Promise<Replayed> {
  let state = await openFromCard(messages[0]!);
  const steps: ReleasedStep[] = [];
  for (const message of messages.slice(1)) {
    const next = await advance(state, message);
    if (message.kind === 'release') steps.push({ state, release: message.payload });
    state = next;
  }
  return { state, steps };
}

/** The ciphertexts that a step's sums follow from: uploads in the order of U, then answers. */
export const ciphertextsOf = ({ state }: ReleasedStep): BlobReference[] => [
  ...state.close!.uploads.map(({ organisation }) => state.uploads.get(organisation)!),
  ...state.answers.values(),
];

/** Shares that their dealers opened to all. */
export const openedShares = ({ openings }: TaskState): BlobReference[] =>
  [...openings.values()].flatMap((opening) => opening.openings.map(({ share }) => share));

/** Every blob an exported transcript carries. */
export const exportedBlobs = ({ state, steps }: Replayed): BlobReference[] => [
  ...openedShares(state),
  ...steps.flatMap((step) => [...ciphertextsOf(step), step.release.aggregate]),
];
