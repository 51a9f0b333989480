/** How a command tells its result: `data` for --json, `text` for people. */
export interface CommandOutput {
  readonly json: boolean;
  result(data: unknown, text: string): void;
  /** How far long work is, for a person who waits: the share that is done (0–1, null: unknown) and of what. */
  progress(): { at(share: number | null, text: string): void; end(): void };
}

export interface DirectoryOption {
  readonly dir: string;
}

/** Whose directory: the option of every verb of a participant. */
export const DIR = [
  '--dir <directory>',
  "the participant's directory: keys, readings, logs",
  '.gridcommons-participant',
] as const;
