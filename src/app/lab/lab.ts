/** The state of the Lab, composed of its parts: each holds one concern, and takes those that it acts on. */

import { createContext, createSignal, useContext } from 'solid-js';
import { StudyEngine } from '../../../workers/study/client.ts';
import type { PricedRisk } from '../../marketLine/marketLineFits.ts';
import { createDrops } from './parts/drops.ts';
import { createGoingOn } from './parts/goingOn.ts';
import { createKeptHistory } from './parts/history.ts';
import { createModelPart } from './parts/model.ts';
import { createPlanPart } from './parts/plan.ts';
import { createQuotesPart, quotesForStudies } from './parts/quotes.ts';
import { createRunsPart } from './parts/runs.ts';
import { createTuningPart } from './parts/tuning.ts';
import { otherModels } from './run/inUse.ts';
import { createSettings } from './settings/settings.ts';
import { createOpenedStudy } from './study/openedStudy.ts';
import { createStudies } from './study/studies.ts';

export type Lab = ReturnType<typeof createLab>;

/** Starts the workers and opens what the page opens with. */
export function createLab() {
  const settings = createSettings();
  const history = createKeptHistory();
  const models = createModelPart(settings);
  const { model, hub, trial } = models;
  const quotes = createQuotesPart({
    settings,
    isPinned: (id) => openedStudy.names(id),
    forgetHistory: () => history.forgetAll(),
    removeCheckpoints: () => hub.removeAll(),
  });
  const planned = createPlanPart(settings, quotes, models);
  const openedStudy = createOpenedStudy({
    edit: settings.edit,
    openModel: model.openEmbedded,
    grids: planned.studied,
    card: () => model.state.loaded?.card,
  });
  const runs = createRunsPart(settings, quotes, models, planned, history);
  const studies = createStudies({
    engine: new StudyEngine(),
    history,
    settings: settings.values,
    preference: () => model.state.preference,
    quotes: () => quotesForStudies(quotes),
    others: () => otherModels(model.state, models.engine.source, hub),
  });
  const [priced, setPriced] = createSignal<PricedRisk>('aleatory');

  void quotes.data.openEmbedded();
  void model.openEmbedded(openedStudy.embeddedModel);
  void history.refresh();

  return {
    settings,
    history,
    model,
    hub,
    trial,
    openedStudy,
    studies,
    priced,
    setPriced,
    ...quotes,
    ...runs,
    plan: planned.plan,
    studied: planned.studied,
    tradedFromMs: planned.tradedFromMs,
    ...createTuningPart(settings, quotes, models, planned, runs),
    ...createDrops(quotes, models, runs),
    goOn: createGoingOn(openedStudy, runs),
  };
}

const LabContext = createContext<Lab>();

export const LabProvider = LabContext.Provider;

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab outside of LabProvider');
  return lab;
}
