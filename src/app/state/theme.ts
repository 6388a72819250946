/**
 * Light, dark, or as the system is: kept in localStorage under `pml-theme`, absent for the system's. A script in `index.html` sets the
 * attribute `data-theme` before anything is painted; from then on it is set here.
 */

import { createEffect, createMemo, createRoot, createSignal } from 'solid-js';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'pml-theme';

/** Set once the attribute is. */
const [painted, setPainted] = createSignal<'light' | 'dark'>(
  document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light',
);

const state = createRoot(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const [systemDark, setSystemDark] = createSignal(dark.matches);
  dark.addEventListener('change', () => setSystemDark(dark.matches));
  const [theme, setTheme] = createSignal<Theme>(stored());
  // Another tab of the page.
  addEventListener('storage', (event) => {
    if (event instanceof StorageEvent && event.key === KEY) setTheme(stored());
  });
  const shown = createMemo((): 'light' | 'dark' => {
    const wanted = theme();
    return wanted === 'system' ? (systemDark() ? 'dark' : 'light') : wanted;
  });
  // Before anything that reads colours from the page is drawn anew.
  createEffect(() => {
    document.documentElement.dataset.theme = shown();
    setPainted(shown());
  });
  return { theme, setTheme };
});

/** What was chosen. */
export const { theme } = state;

/** What the page looks like now: charts that read its colours follow it. */
export const shownTheme = painted;

export function chooseTheme(next: Theme): void {
  state.setTheme(next);
  try {
    if (next === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Not allowed to keep anything: the choice holds until the page is closed.
  }
}

function stored(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}
