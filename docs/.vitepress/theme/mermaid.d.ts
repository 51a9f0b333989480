declare module '@mermaid-js/tiny/dist/mermaid.tiny.js?url' {
  const url: string;
  export default url;
}

/** With `useMaxWidth` a wide chart shrinks to the column until nobody can read it. */
interface MermaidSettings {
  startOnLoad: boolean;
  theme: 'dark' | 'neutral';
  flowchart: { useMaxWidth: boolean };
}

interface Mermaid {
  initialize(this: void, settings: MermaidSettings): void;
  render(this: void, id: string, source: string): Promise<{ svg: string }>;
}

declare var mermaid: Mermaid;
