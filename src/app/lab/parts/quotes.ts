/** The quotes in use: read, recorded, fetched or remembered, and what their market sets in the form. */

import { batch, createMemo } from 'solid-js';
import { QuotesEngine } from '../../../../workers/quotes/client.ts';
import { RecorderEngine } from '../../../../workers/recorder/client.ts';
import { defaultRunSettings, type SettingId } from '../../../runs/settings.ts';
import { createData, type QuotesInUse, sameSampling } from '../data/data.ts';
import { createRecording } from '../data/recording.ts';
import { createSamples } from '../data/samples.ts';
import { createStored } from '../data/stored.ts';
import { samplingOf } from '../run/inUse.ts';
import type { createSettings } from '../settings/settings.ts';

export interface QuotesPartInputs {
  readonly settings: ReturnType<typeof createSettings>;
  /** Whether an opened link or run sets it, so that it stays as it is. */
  readonly isPinned: (id: SettingId) => boolean;
  readonly forgetHistory: () => Promise<void>;
  readonly removeCheckpoints: () => Promise<void>;
}

export function createQuotesPart({ settings, isPinned, forgetHistory, removeCheckpoints }: QuotesPartInputs) {
  const sampling = createMemo(() => samplingOf(settings.values()), undefined, { equals: sameSampling });
  const engine = new QuotesEngine();
  const suit: typeof settings.edit = (id, value) => isPinned(id) || settings.edit(id, value);
  const data = createData(engine, sampling, (opened) => batch(() => suitMarket(opened, suit)));
  const recording = createRecording(new RecorderEngine(), data.addFiles);
  return {
    data,
    samples: createSamples(data.addFiles),
    recording,
    stored: createStored(engine, recording, forgetHistory, removeCheckpoints),
    /** A symbol without a tick in any session is shown as such and left out of runs. */
    loadedGrids: createMemo(() => data.grids().filter((grid) => grid.timeMs.length > 0)),
  };
}

export type QuotesPart = ReturnType<typeof createQuotesPart>;

/** What a study needs of the quotes in use. */
export function quotesForStudies({ data }: QuotesPart): {
  readonly embedded: boolean;
  readonly sources: readonly string[];
  readonly sample: ReturnType<typeof data.sampler>;
} {
  const { source, series } = data.inUse();
  return {
    embedded: source === 'embedded',
    sources: [...new Set(series.flatMap((each) => each.source.split(', ')))],
    sample: data.sampler(),
  };
}

/** Files of exchange-traded instruments hold hours outside the regular session; the embedded market has none. */
function suitMarket(
  { source, series, health }: Pick<QuotesInUse, 'source' | 'series' | 'health'>,
  suit: ReturnType<typeof createSettings>['edit'],
): void {
  const years = health.map(({ daysPerYear }) => daysPerYear);
  const calendar = series.map((each) => each.calendar).find((each) => each.kind === 'exchange');
  // Files of several markets share the year of the one that trades least: figures are then not made larger by it.
  suit('periodsPerYear', years.length > 0 ? Math.min(...years) : defaultRunSettings.periodsPerYear);
  suit('sessionWindow', calendar !== undefined && source === 'files');
  if (!calendar) return;
  suit('windowStart', calendar.open);
  suit('windowEnd', calendar.close);
  suit('windowTimeZone', calendar.timeZone);
}
