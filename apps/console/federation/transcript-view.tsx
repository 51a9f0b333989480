import { useMutation } from '@tanstack/react-query';
import { useQuery } from '@tanstack/react-query';
import { Named } from '../api/names.tsx';
import { fetchBlob, request } from '../api/request.ts';
import { useSession } from '../api/session.tsx';
import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { DataTable } from '../parts/data-table.tsx';
import { messages } from '../parts/messages.ts';
import { Card, QueryView } from '../parts/query-view.tsx';
import { type BrowsedEntry, bytesNamed, readEntries, verifyTask } from './transcript.ts';

const ENTRIES = graphql(`
  query Transcript($taskId: ID!, $after: Int!) {
    transcript(taskId: $taskId, after: $after, first: 100) {
      index
      previous
      message
      hash
    }
  }
`);

const OWN = graphql(`
  query OwnOrganisation {
    me {
      organisation {
        id
      }
    }
  }
`);

const words = messages.federation;

/** The signed messages of a task, their verification in this browser, and what the own sites sent. */
export function TranscriptView({
  taskId,
  entries,
  cardHash,
}: {
  readonly taskId: string;
  readonly entries: number;
  readonly cardHash: string;
}) {
  const { apiKey } = useSession();
  const key = apiKey ?? '';
  const page = (after: number) =>
    request(key, ENTRIES, { taskId, after }).then(({ transcript }) => transcript);
  // One read a length: whatever changes the transcript makes it longer.
  const transcript = useQuery<BrowsedEntry[], never>({
    queryKey: ['transcript', taskId, entries],
    queryFn: () => readEntries(page),
  });
  const own = useApi(OWN, {});
  return (
    <>
      <Card title={words.transcript}>
        <p>
          {words.card}: <code>{cardHash}</code>
        </p>
        <QueryView query={transcript}>
          {(rows) => (
            <>
              <Verification verify={() => verifyTask(rows, (hash) => fetchBlob(key, hash))} />
              <EntryTable caption={words.transcript} rows={rows} />
            </>
          )}
        </QueryView>
      </Card>
      <Card title={words.left}>
        <p>{words.leftIntro}</p>
        <QueryView query={own}>
          {({ me }) => {
            const sent = (transcript.data ?? []).filter(
              ({ message }) => message.sender === me.organisation.id,
            );
            return sent.length === 0 ? (
              <p className="soft">{words.nothingLeft}</p>
            ) : (
              <EntryTable caption={words.left} rows={sent} />
            );
          }}
        </QueryView>
      </Card>
    </>
  );
}

function EntryTable({ caption, rows }: { readonly caption: string; readonly rows: readonly BrowsedEntry[] }) {
  return (
    <DataTable
      caption={caption}
      rows={rows}
      keyOf={({ hash }) => hash}
      columns={[
        { title: '#', value: ({ index }) => index },
        { title: words.kind, value: ({ message }) => message.kind },
        {
          title: words.sender,
          value: ({ message }) => message.sender,
          cell: ({ message }) => <Named id={message.sender} />,
        },
        {
          title: words.bytes,
          value: ({ message }) => bytesNamed(message),
        },
        {
          title: words.hash,
          value: ({ hash }) => hash,
          cell: ({ hash }) => <code title={hash}>{hash.slice(0, 16)}…</code>,
        },
      ]}
    />
  );
}

function Verification({ verify }: { readonly verify: () => ReturnType<typeof verifyTask> }) {
  const verification = useMutation({ mutationFn: verify });
  const { data, error, isPending } = verification;
  const failed = data?.checks.find(({ ok }) => !ok);
  return (
    <div>
      <button type="button" className="primary" disabled={isPending} onClick={() => verification.mutate()}>
        {isPending ? words.verifying : words.verify}
      </button>
      <div role="status" aria-live="polite">
        {error !== null && <p className="bad">{error.message}</p>}
        {data !== undefined && (
          <>
            <p className={data.verified ? 'good' : 'bad'}>
              {data.verified ? words.verified : words.refuted(`${failed?.name}: ${failed?.detail}`)}
            </p>
            <ul>
              {data.checks.map(({ name, ok, detail }) => (
                <li key={name} className={ok ? 'good' : 'bad'}>
                  {ok ? '✓' : '✗'} {name}: {detail}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
