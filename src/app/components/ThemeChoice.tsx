/** Light, dark, or as the system is. */

import { For } from 'solid-js';
import { chooseTheme, type Theme, theme, themes } from '../state/theme.ts';

const names: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function ThemeChoice() {
  return (
    <label class="theme small">
      <span>Colours</span>
      <select value={theme()} onChange={(event) => chooseTheme(themes[event.currentTarget.selectedIndex] ?? 'system')}>
        <For each={themes}>{(each) => <option value={each}>{names[each]}</option>}</For>
      </select>
    </label>
  );
}
