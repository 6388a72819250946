/** The dates marked and shaded in the decay plot, to be changed, added and removed. */

import { For } from 'solid-js';
import type { DecayFigure } from '../../../studies/figures/decay/result.ts';

type Releases = DecayFigure['releases'];

export function DecayDates(props: {
  releases: Releases;
  onReleases: (releases: Releases) => void;
  pretrainedUntil: string | null;
  onPretrainedUntil: (day: string | null) => void;
}) {
  const change = (i: number, changed: Partial<Releases[number]>): void =>
    props.onReleases(props.releases.map((each, j) => (j === i ? { ...each, ...changed } : each)));
  const add = (): void => {
    const last = props.releases.at(-1);
    props.onReleases([...props.releases, { name: 'Another release', day: last?.day ?? '2024-05-08' }]);
  };
  return (
    <details>
      <summary>Dates in the plot</summary>
      <div class="stack">
        <For each={props.releases.map((_, i) => i)}>
          {(i) => (
            <div class="inline">
              <input
                type="text"
                aria-label={`Name of release ${i + 1}`}
                value={props.releases[i]?.name ?? ''}
                style="width: 12rem"
                onChange={(event) => change(i, { name: event.currentTarget.value })}
              />
              <input
                type="date"
                aria-label={`Day of release ${i + 1}`}
                value={props.releases[i]?.day ?? ''}
                style="width: auto"
                onChange={(event) => {
                  const day = event.currentTarget.value;
                  if (day) change(i, { day });
                }}
              />
              <button
                type="button"
                class="quiet"
                aria-label={`Remove ${props.releases[i]?.name ?? 'this release'}`}
                onClick={() => props.onReleases(props.releases.filter((_, j) => j !== i))}
              >
                Remove
              </button>
            </div>
          )}
        </For>
        <button type="button" onClick={add}>
          Add a date
        </button>
        <label class="inline">
          The model’s pre-training data end on (weeks before are shaded)
          <input
            type="date"
            value={props.pretrainedUntil ?? ''}
            style="width: auto"
            onChange={(event) => props.onPretrainedUntil(event.currentTarget.value || null)}
          />
        </label>
        <p class="soft small">
          Releases as the paper marks them. Simulated weeks carry dates of that time for this purpose alone, and the
          small models that come with the page were pre-trained on no dated quotes: nothing is shaded unless you say so.
        </p>
      </div>
    </details>
  );
}

/** Where a day lies among weeks, between two of them; undefined outside. */
export function placeOf(weeks: readonly string[], day: string): number | undefined {
  const after = weeks.findIndex((week) => week > day);
  if (weeks.length < 2 || day < weeks[0]! || after < 0) return undefined;
  const [from, to] = [Date.parse(weeks[after - 1]!), Date.parse(weeks[after]!)];
  return after - 1 + (Date.parse(day) - from) / (to - from);
}
