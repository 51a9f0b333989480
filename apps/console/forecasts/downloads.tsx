import { useMutation } from '@tanstack/react-query';
import { type ApiError, fetchFile } from '../api/request.ts';
import { useSession } from '../api/session.tsx';
import { messages } from '../parts/messages.ts';
import { Failure } from '../parts/query-view.tsx';
import { saveFile } from '../parts/save-file.ts';
import { Snippet } from '../parts/snippet.tsx';
import { exportPath, type ForecastChoice, snippetOf } from './rows-elsewhere.ts';

const FORMATS = ['csv', 'arrow', 'parquet'] as const;
const words = messages.forecasts;

/** The chosen rows of all publishers: as files, and as a query to take along. */
export function Downloads({ filter }: { readonly filter: ForecastChoice }) {
  const { apiKey } = useSession();
  const saved = useMutation<void, ApiError, string>({
    mutationFn: async (format) =>
      saveFile(
        `forecasts-${filter.series}.${format}`,
        await fetchFile(apiKey ?? '', exportPath(filter, format)),
      ),
  });
  return (
    <>
      <p className="row">
        {FORMATS.map((format) => (
          <button key={format} type="button" disabled={saved.isPending} onClick={() => saved.mutate(format)}>
            {words.download(format)}
          </button>
        ))}
      </p>
      {saved.isError && <Failure error={saved.error} />}
      <Snippet title={words.snippet} text={snippetOf(filter)} />
    </>
  );
}
