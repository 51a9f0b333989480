import { useEffect, useState } from 'react';
import { messages } from '../parts/messages.ts';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const STORED_AS = 'gridcommons.theme';

const storedTheme = (): Theme =>
  THEMES.find((theme) => theme === localStorage.getItem(STORED_AS)) ?? 'system';

export function ThemeChoice() {
  const [theme, setTheme] = useState(storedTheme);
  useEffect(() => {
    localStorage.setItem(STORED_AS, theme);
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <label>
      {messages.theme.label}
      <select value={theme} onChange={({ target }) => setTheme(target.value as Theme)}>
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {messages.theme[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
