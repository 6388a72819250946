/** Step 3: every setting of the study but those of the data, in groups, from the settings table. */

import { For, Show } from 'solid-js';
import type { SettingSpec } from '../../../core/settingSpecs.ts';
import { type SettingId, settingSpecs } from '../../../runs/settings.ts';
import type { SettingGroup } from '../../../runs/settingsTable.ts';
import { Section } from '../../components/Section.tsx';
import { SettingField } from '../../components/SettingField.tsx';
import { formatShort } from '../../format.ts';
import { useLab } from '../lab.ts';

const groups: readonly { id: SettingGroup; title: string; intro: string }[] = [
  { id: 'model', title: 'Forecasts', intro: 'How the model is asked, and how its own uncertainty is sampled.' },
  {
    id: 'grid',
    title: 'Strategies',
    intro: 'Rules drawn at random from these ranges; each is one point of the plane.',
  },
  { id: 'execution', title: 'Execution', intro: 'When and at what cost orders are filled.' },
  { id: 'risk', title: 'Market line', intro: 'What the fitted line is measured against.' },
];

export function SettingsPanel() {
  const { settings, run, plan } = useLab();
  const measuredMs = () => 1000 * (plan()?.secondsPerForwardPass ?? Number.NaN);
  const shown = settingSpecs.filter(([, spec]) => spec.group !== 'data').map(([id]) => id);
  const changed = () => shown.some((id) => !settings.isDefault(id));
  return (
    <Section id="settings" step={3} title="Settings" intro="The defaults give a sensible first run.">
      <For each={groups}>
        {(group) => (
          <fieldset class="group">
            <legend>
              <h3>{group.title}</h3>
            </legend>
            <p class="soft small">{group.intro}</p>
            <div class="fields">
              <For each={specsOf(group.id)}>
                {([id, spec]) => <SettingField id={id} spec={spec} disabled={run.running()} />}
              </For>
            </div>
            <Show when={group.id === 'execution' && Number.isFinite(measuredMs())}>
              <button
                type="button"
                class="quiet"
                disabled={run.running()}
                onClick={() => settings.edit('inferenceMs', Number(measuredMs().toPrecision(3)))}
              >
                Count this device’s inference time: {formatShort(measuredMs())} ms a forecast, as measured in batches
              </button>
            </Show>
          </fieldset>
        )}
      </For>
      <Show when={changed()}>
        <button type="button" class="quiet" disabled={run.running()} onClick={() => settings.reset(shown)}>
          Reset to the defaults
        </button>
      </Show>
    </Section>
  );
}

function specsOf(group: SettingGroup): readonly (readonly [SettingId, SettingSpec])[] {
  return settingSpecs.filter(([, spec]) => spec.group === group);
}
