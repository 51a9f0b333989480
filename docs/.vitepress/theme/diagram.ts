import mermaidScript from '@mermaid-js/tiny/dist/mermaid.tiny.js?url';
import { useData } from 'vitepress';
import { defineComponent, h, onMounted, ref, watch } from 'vue';

let mermaid: Promise<Mermaid> | undefined;
let drawn = 0;

/** Mermaid is a script that sets a global, and large: it comes with the first page that has a diagram. */
function load(): Promise<Mermaid> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = mermaidScript;
    script.addEventListener('load', () => resolve(globalThis.mermaid));
    script.addEventListener('error', () => reject(new Error(`expected ${mermaidScript}`)));
    document.head.append(script);
  });
}

/** A diagram in the colours of the page; its source until it is drawn. */
export const Diagram = defineComponent({
  props: { code: { type: String, required: true } },
  setup(props) {
    const { isDark } = useData();
    const source = decodeURIComponent(props.code);
    const picture = ref('');
    async function draw(): Promise<void> {
      const { initialize, render } = await (mermaid ??= load());
      initialize({
        startOnLoad: false,
        theme: isDark.value ? 'dark' : 'neutral',
        flowchart: { useMaxWidth: false },
      });
      drawn += 1;
      picture.value = (await render(`diagram-${drawn}`, source)).svg;
    }
    onMounted(draw);
    watch(isDark, draw);
    return () =>
      picture.value === ''
        ? h('pre', source)
        : h('div', { style: 'overflow-x: auto', tabindex: 0 }, [
            h('div', { style: 'min-width: 40rem', innerHTML: picture.value }),
          ]);
  },
});
