/** The settings of a study where a figure has a resolution of its own. */

import { parseRunSettings, type RunSettings } from '../../runs/settings.ts';

/** The settings of a study at one resolution. */
export function settingsAt(
  { settings }: { readonly settings: RunSettings },
  stepMs: number,
  strideTicks = settings.strideTicks,
): RunSettings {
  const same = settings.stepMs === stepMs && settings.strideTicks === strideTicks;
  return same ? settings : parseRunSettings({ ...settings, stepMs, strideTicks });
}
