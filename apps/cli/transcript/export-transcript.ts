import { exportTask, type TranscriptEntry } from '#transcript';

const ENTRIES = `query ($taskId: ID!, $after: Int!) {
  transcript(taskId: $taskId, after: $after, first: 100) { index previous message hash }
}`;

/** What an export asks of the platform's client. */
export interface TranscriptSource {
  request<T>(query: string, variables: Record<string, unknown>): Promise<T>;
  blob(sha256: string): Promise<Uint8Array>;
}

/** A released task as one file that anybody can verify offline. @throws TASK_NOT_RELEASED, TRANSCRIPT_… */
export async function exportTranscript(source: TranscriptSource, taskId: string): Promise<Uint8Array> {
  const entries: TranscriptEntry[] = [];
  for (;;) {
    const after = entries.length - 1;
    const { transcript } = await source.request<{ transcript: TranscriptEntry[] }>(ENTRIES, {
      taskId,
      after,
    });
    if (transcript.length === 0) break;
    entries.push(...transcript);
  }
  return exportTask(entries, (sha256) => source.blob(sha256));
}
