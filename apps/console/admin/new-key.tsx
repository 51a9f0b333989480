import type { FormEvent } from 'react';
import { useChange } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { Role } from '../generated/graphql.ts';
import { formText } from '../parts/form-text.ts';
import { messages } from '../parts/messages.ts';
import { Failure } from '../parts/query-view.tsx';

const CREATE = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      secret
      apiKey {
        prefix
        roles
      }
    }
  }
`);

const words = messages.admin;

/** A further key of the own organisation, with one of the roles of the key in use. */
export function NewKey({ roles }: { readonly roles: readonly Role[] }) {
  const created = useChange(CREATE);
  const create = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const role = roles.find((each) => each === formText(form, 'role'));
    if (role !== undefined)
      created.mutate({ input: { memberName: formText(form, 'member'), roles: [role] } });
  };
  return (
    <>
      <h3>{words.newKey}</h3>
      <form onSubmit={create}>
        <label>
          Name
          <input name="member" required maxLength={100} />
        </label>
        <label>
          {words.keyRole}
          <select name="role">
            {roles.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </label>
        <button type="submit" disabled={created.isPending}>
          {words.create}
        </button>
      </form>
      {created.isError && <Failure error={created.error} />}
      {created.data !== undefined && (
        <p role="status">
          <code>{created.data.createApiKey.secret}</code>
          <br />
          <span className="warn">{words.once}</span>
        </p>
      )}
    </>
  );
}
