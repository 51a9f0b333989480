import { useState } from 'react';
import { messages } from './messages.ts';

/** A text to take along, with a button that copies it. */
export function Snippet({ title, text }: { readonly title: string; readonly text: string }) {
  const [copied, setCopied] = useState<string | null>(null);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(text);
  };
  return (
    <details>
      <summary>{title}</summary>
      <pre tabIndex={0} aria-label={title}>
        <code>{text}</code>
      </pre>
      {/* Browsers give pages no clipboard over plain HTTP from elsewhere. */}
      {window.isSecureContext && (
        <button type="button" onClick={() => void copy()}>
          {messages.states.copy}
        </button>
      )}{' '}
      <span role="status">{copied === text && messages.states.copied}</span>
    </details>
  );
}
